import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { JobDetail, StepExecution } from "@/api";
import { DataTable, formatDuration, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";
import { StepDetail } from "./StepDetail";
import { stepBar, stepDurationMs } from "./timeline";

const route = getRouteApi("/jobs/$id");

type Row = StepExecution & { id: string };

export function JobSteps({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const chosen = route.useSearch().item;
  const rows = useMemo(() => job.steps.map((step) => ({ ...step, id: step.name })), [job.steps]);
  const selected =
    rows.find((row) => row.id === chosen) ?? rows.find((row) => row.status === "failed") ?? rows[0];
  const columns = useStepColumns(job);
  const select = ({ id: item }: Row) =>
    void navigate({
      to: "/jobs/$id",
      params: { id: String(job.id) },
      search: { tab: "steps", item },
      replace: true,
    });
  return (
    <>
      <DataTable
        fitRows
        label={t("steps.list")}
        rows={rows}
        columns={columns}
        selected={selected?.id}
        onOpen={select}
        onMove={select}
        empty={<p className={`muted ${classes.journal}`}>{t("steps.none")}</p>}
      />
      {selected && <StepDetail key={selected.name} step={selected} />}
    </>
  );
}

function useStepColumns(job: JobDetail): Column<Row>[] {
  const { t } = useTranslation("jobs");
  return useMemo(
    () => [
      {
        id: "step",
        header: t("steps.step"),
        width: 170,
        cell: ({ name }) => <span className="strong">{name}</span>,
      },
      {
        id: "kind",
        header: t("steps.kind"),
        width: 90,
        fromWidth: 760,
        cell: ({ kind }) => <span className="muted">{kind}</span>,
      },
      {
        id: "status",
        header: t("steps.status"),
        width: 124,
        cell: ({ status }) => <StatusPill status={status} />,
      },
      {
        id: "exit",
        header: t("steps.exit"),
        width: 100,
        cell: ({ exit_code }) => <span className="mono">{exit_code}</span>,
      },
      {
        id: "attempts",
        header: t("steps.attempts"),
        width: 90,
        numeric: true,
        cell: ({ attempts }) => attempts.length || null,
      },
      {
        id: "timeline",
        header: t("steps.timeline"),
        fromWidth: 820,
        cell: (step) => <Bar job={job} step={step} />,
      },
      {
        id: "duration",
        header: t("steps.duration"),
        width: 100,
        numeric: true,
        cell: (step) => {
          const duration = stepDurationMs(step);
          return duration === null ? null : formatDuration(duration);
        },
      },
    ],
    [t, job],
  );
}

function Bar({ job, step }: { job: JobDetail; step: StepExecution }) {
  const bar = stepBar(job, step);
  const tone = { complete: "ok", failed: "bad", waiting: "wait" }[step.status as string] ?? "run";
  return (
    <span className={classes.bar} aria-hidden>
      {bar && <span data-tone={tone} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />}
    </span>
  );
}
