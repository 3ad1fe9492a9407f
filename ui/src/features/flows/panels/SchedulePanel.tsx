import { useSchedules, type FlowDetail } from "@/api";
import { ErrorPanel, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { partsOf } from "../document";
import { ScheduleFacts } from "./ScheduleFacts";

/** A schedule as it stands, with its next times. */
export function SchedulePanel({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation(["flows", "ways"]);
  const { data, error, refetch } = useSchedules(flow.name);
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} inline />;
  if (!data) return <Loading />;
  const schedule = data.items.find((each) => each.name === name);
  if (!schedule) return <p className="muted">{t("flows:schedules.draft")}</p>;
  const draft = partsOf(flow.document).schedules.find((each) => each.name === name)?.fields;
  const isChanged =
    draft !== undefined &&
    (draft.cron !== schedule.cron || (draft.time_zone ?? "UTC") !== schedule.time_zone);
  return (
    <>
      {isChanged && <p className="muted">{t("ways:schedule.published")}</p>}
      <ScheduleFacts schedule={schedule} />
    </>
  );
}
