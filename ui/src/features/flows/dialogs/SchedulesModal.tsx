import { useSchedules, type FlowDetail } from "@/api";
import { Dialog, ErrorPanel, Loading } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import own from "../panels/Panels.module.css";
import { ScheduleFacts } from "../panels/ScheduleFacts";

/** The schedules of a flow, and the next times at which each of them begins a job. */
export function SchedulesModal({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation("flows");
  const { data, error, refetch } = useSchedules(flow.name);
  return (
    <Dialog
      onClose={onClose}
      title={t("schedules.title", { name: flow.title || flow.name })}
      width={560}
    >
      <div className={classes.form}>
        {error && <ErrorPanel error={error} onRetry={() => void refetch()} inline />}
        {!data && !error && <Loading />}
        {data?.items.length === 0 && <p className="muted">{t("schedules.none")}</p>}
        {data?.items.map((schedule) => (
          <section key={schedule.name} className={own.schedule}>
            <h3>{schedule.name}</h3>
            <ScheduleFacts schedule={schedule} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
