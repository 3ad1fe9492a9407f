import type { JobDetail } from "@/api";
import { formatDuration, RelativeTime, useNow } from "@/design";
import { useTranslation } from "@/i18n";
import { TriggerWords } from "./jobWords";

/** `version 7 · by endpoint orders · 12 s ago · took 342 ms` */
export function JobMeta({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  return (
    <span className="muted">
      {t("version", { version: job.version })}
      {" · "}
      <TriggerWords trigger={job.trigger} name={job.trigger_name} />
      {" · "}
      <RelativeTime at={job.queued_at} />
      <Elapsed job={job} />
    </span>
  );
}

function Elapsed({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const now = useNow();
  if (typeof job.duration_ms === "number" && job.ended_at) {
    return <> · {t("took", { duration: formatDuration(job.duration_ms) })}</>;
  }
  if (job.waiting_until) {
    return (
      <>
        {" · "}
        {t("waitingUntil")} <RelativeTime at={job.waiting_until} />
      </>
    );
  }
  if (!job.started_at || job.ended_at) return null;
  const duration = formatDuration(now - Date.parse(job.started_at));
  return <> · {t("runningFor", { duration })}</>;
}
