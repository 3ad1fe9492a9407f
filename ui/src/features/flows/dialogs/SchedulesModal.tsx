import { useSchedules, type FlowDetail, type FlowSchedule } from "@/api";
import { Dialog, ErrorPanel, Facts, formatExact, Loading, RelativeTime } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";

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
          <Schedule key={schedule.name} schedule={schedule} />
        ))}
      </div>
    </Dialog>
  );
}

function Schedule({ schedule }: { schedule: FlowSchedule }) {
  const { t } = useTranslation("flows");
  const state = schedule.active ? "active" : schedule.enabled ? "notLive" : "off";
  return (
    <section>
      <h3>{schedule.name}</h3>
      <Facts
        facts={[
          {
            name: t("schedules.cron"),
            value: (
              <span className="mono">
                {schedule.cron} · {schedule.time_zone}
              </span>
            ),
          },
          { name: t("schedules.state"), value: t(`schedules.${state}`) },
          {
            name: t("schedules.last"),
            value: schedule.last_due_at && <RelativeTime at={schedule.last_due_at} />,
          },
          {
            name: t("schedules.missed"),
            value: schedule.missed_count > 0 && schedule.missed_count,
          },
          {
            name: t("schedules.next"),
            value: (
              <ol className="mono" aria-label={t("schedules.nextOf", { name: schedule.name })}>
                {schedule.next.map((at) => (
                  <li key={at}>{formatExact(at)}</li>
                ))}
              </ol>
            ),
          },
        ]}
      />
    </section>
  );
}
