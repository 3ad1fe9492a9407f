import type { FlowSchedule } from "@/api";
import { Facts, formatInZone, RelativeTime } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../FlowPage.module.css";
import own from "./Panels.module.css";

/** When a schedule begins jobs, whether it does, and what becomes of times that it missed. */
export function ScheduleFacts({ schedule }: { schedule: FlowSchedule }) {
  const { t } = useTranslation(["flows", "parts"]);
  const state = schedule.active ? "active" : schedule.enabled ? "notLive" : "off";
  const isKnown = schedule.missed === "skip" || schedule.missed === "run_once";
  return (
    <>
      <Facts
        facts={[
          {
            name: t("flows:schedules.cron"),
            value: (
              <span className="mono">
                {schedule.cron} · {schedule.time_zone}
              </span>
            ),
          },
          { name: t("flows:schedules.state"), value: t(`flows:schedules.${state}`) },
          {
            name: t("flows:schedules.last"),
            value: schedule.last_due_at && <RelativeTime at={schedule.last_due_at} />,
          },
          {
            name: t("parts:field.missed"),
            value: isKnown ? t(`parts:missed.${schedule.missed as "skip"}`) : schedule.missed,
          },
          {
            name: t("flows:schedules.missed"),
            value: schedule.missed_count > 0 && schedule.missed_count,
          },
        ]}
      />
      <section className={classes.field}>
        <h3>{t("flows:schedules.next")}</h3>
        <ol className={own.times} aria-label={t("flows:schedules.nextOf", { name: schedule.name })}>
          {schedule.next.map((at) => (
            <li key={at}>{formatInZone(at, schedule.time_zone)}</li>
          ))}
        </ol>
      </section>
    </>
  );
}
