import { useMemo } from "react";
import type { JobSummary } from "@/api";
import { formatDuration, RelativeTime, StatusPill, useNow, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import { TriggerWords } from "./jobWords";

export function useJobColumns(): Column<JobSummary>[] {
  const { t } = useTranslation("jobs");
  return useMemo(
    () => [
      {
        id: "job",
        header: t("columns.job"),
        width: 96,
        cell: ({ id }) => <span className="strong">{id}</span>,
      },
      {
        id: "flow",
        header: t("columns.flow"),
        cell: ({ flow, flow_title }) => <span title={flow}>{flow_title || flow}</span>,
      },
      {
        id: "status",
        header: t("columns.status"),
        width: 124,
        cell: ({ status }) => <StatusPill status={status} />,
      },
      {
        id: "trigger",
        header: t("columns.trigger"),
        fromWidth: 760,
        cell: (job) => (
          <span className="muted">
            <TriggerWords trigger={job.trigger} name={job.trigger_name} />
          </span>
        ),
      },
      {
        id: "webhooks",
        header: t("columns.webhooks"),
        width: 150,
        fromWidth: 800,
        cell: (job) => <Webhooks deliveries={job.deliveries} />,
      },
      {
        id: "duration",
        header: t("columns.duration"),
        width: 110,
        numeric: true,
        cell: (job) => <Duration job={job} />,
      },
      {
        id: "when",
        header: t("columns.when"),
        width: 120,
        cell: ({ queued_at }) => (
          <span className="muted">
            <RelativeTime at={queued_at} />
          </span>
        ),
      },
    ],
    [t],
  );
}

function Webhooks({ deliveries }: { deliveries: JobSummary["deliveries"] }) {
  const { t } = useTranslation("jobs");
  const { total, delivered, failed } = deliveries;
  if (total === 0) return <span className="faint">{t("webhooksCell.none")}</span>;
  if (failed > 0) {
    return (
      <span style={{ color: "var(--bad)" }}>{t("webhooksCell.failed", { failed, total })}</span>
    );
  }
  const words = delivered === total ? t("webhooksCell.all", { delivered }) : undefined;
  return <span className="muted">{words ?? t("webhooksCell.some", { delivered, total })}</span>;
}

function Duration({ job }: { job: JobSummary }) {
  if (typeof job.duration_ms === "number") return formatDuration(job.duration_ms);
  if (job.status === "running" && job.started_at) return <SoFar since={job.started_at} />;
  return null;
}

function SoFar({ since }: { since: string }) {
  return formatDuration(useNow() - Date.parse(since));
}
