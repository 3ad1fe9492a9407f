/** What can be done with a webhook task beside its document: switch it, and send a test. */
import { Button, Switch } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { switchTask, type FlowDetail } from "@/api";
import { Notice, useAction } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import type { Part } from "../document";
import classes from "../FlowPage.module.css";
import own from "./Panels.module.css";
import { TestTaskModal } from "./TestTaskModal";

export function TaskPanel({ flow, part }: { flow: FlowDetail; part: Part }) {
  const { t } = useTranslation("parts");
  const [isTesting, setTesting] = useState(false);
  const test = () => setTesting(true);
  const { name } = part;
  useCommands([
    { id: "task.test", label: t("task.testCommand", { name }), Icon: IconSend, run: test },
  ]);
  return (
    <>
      <div className={own.between}>
        <TaskSwitch flow={flow} part={part} />
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={test}>
          {t("task.test")}
        </Button>
      </div>
      <SwitchWords flow={flow} part={part} />
      {isTesting && <TestTaskModal flow={flow} part={part} onClose={() => setTesting(false)} />}
    </>
  );
}

function TaskSwitch({ flow, part: { name, fields } }: { flow: FlowDetail; part: Part }) {
  const { t } = useTranslation("parts");
  const task = flow.webhook_tasks.find((each) => each.name === name);
  const change = useAction({
    run: (enabled: boolean) => switchTask(flow.name, name, enabled),
    stale: () => ["flows", `flow:${flow.name}`, "deliveries"],
    done: (enabled) => t(enabled ? "task.done.on" : "task.done.off", { name }),
  });
  const isEnabled = change.isPending ? change.variables : (task?.enabled ?? false);
  return (
    <Switch
      size="sm"
      label={t("task.switch")}
      checked={isEnabled}
      disabled={!task || fields.enabled === false}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}

/** Why it is as it is: an answer ended it, the document says so, or it is not published. */
function SwitchWords({ flow, part: { name, fields } }: { flow: FlowDetail; part: Part }) {
  const { t } = useTranslation("parts");
  const task = flow.webhook_tasks.find((each) => each.name === name);
  if (task && !task.enabled && task.disabled_reason) {
    return (
      <Notice live title={t("task.ended")}>
        {task.disabled_reason}
      </Notice>
    );
  }
  const why = !task ? "draftOnly" : fields.enabled === false ? "offInDocument" : "switchHint";
  return <p className={classes.hint}>{t(`task.${why}`)}</p>;
}
