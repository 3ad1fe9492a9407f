import { useSchedules, type FlowDetail } from "@/api";
import { ErrorPanel, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { ScheduleFacts } from "./ScheduleFacts";

/** A schedule as it stands, with its next times. */
export function SchedulePanel({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation("flows");
  const { data, error, refetch } = useSchedules(flow.name);
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} inline />;
  if (!data) return <Loading />;
  const schedule = data.items.find((each) => each.name === name);
  if (!schedule) return <p className="muted">{t("schedules.draft")}</p>;
  return <ScheduleFacts schedule={schedule} />;
}
