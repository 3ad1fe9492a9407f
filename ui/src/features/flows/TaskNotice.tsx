import type { FlowDetail } from "@/api";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";

/** Says that a task is switched off, and why: the document does not know it. */
export function TaskNotice({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation("flows");
  const task = flow.webhook_tasks.find((each) => each.name === name);
  if (!task || task.enabled) return null;
  return (
    <div className={classes.box}>
      <p className="strong">{t("inspector.disabled")}</p>
      {task.disabled_reason && <p className="muted">{task.disabled_reason}</p>}
    </div>
  );
}
