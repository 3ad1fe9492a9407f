import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { JobDetail, StepAttempt, StepExecution } from "@/api";
import { DataTable, formatDuration, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";
import { StepDetail } from "./StepDetail";
import { attemptBars, stepBar, stepDurationMs, ticks, type Bar } from "./timeline";

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
      {selected && <StepDetail key={selected.name} job={job.id} step={selected} />}
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
        fromWidth: 720,
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
        fromWidth: 660,
        head: <Axis job={job} />,
        cell: (step) => <Bars job={job} step={step} />,
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

/** The job's time above the bars. What they show stands in the other columns as well. */
function Axis({ job }: { job: JobDetail }) {
  const all = ticks(job);
  const isAtEnd = ({ left }: { left: number }) => left > 85;
  return (
    <span className={classes.axis} aria-hidden>
      {all.map((tick, index) => {
        const next = all[index + 1];
        // The words of one at the end stand before it, where those of its neighbour would be.
        const hasWords = isAtEnd(tick) ? !next : !next || !isAtEnd(next);
        return (
          <span
            key={tick.at}
            style={{ left: `${tick.left}%` }}
            data-end={isAtEnd(tick) || undefined}
          >
            {hasWords && formatDuration(tick.at)}
          </span>
        );
      })}
    </span>
  );
}

const TONES: Record<string, string> = { complete: "ok", failed: "bad", interrupted: "wait" };

function Bars({ job, step }: { job: JobDetail; step: StepExecution }) {
  const { t } = useTranslation("jobs");
  const whole = stepBar(job, step);
  return (
    <span className={classes.bar} aria-hidden>
      {whole && <span className={classes.wait} style={share(whole)} />}
      {attemptBars(job, step).map((bar, at) => {
        const attempt = step.attempts[at];
        const isWaiting = step.status === "waiting" && attempt?.ended_at === null;
        return (
          <span
            key={at}
            data-tone={isWaiting ? "wait" : (TONES[attempt?.status ?? ""] ?? "run")}
            style={share(bar)}
            title={attempt && t("waterfall.attempt", attemptWords(attempt))}
          />
        );
      })}
    </span>
  );
}

const share = ({ left, width }: Bar) => ({ left: `${left}%`, width: `${width}%` });

function attemptWords({ n, status, started_at, ended_at }: StepAttempt) {
  const duration = ended_at ? formatDuration(Date.parse(ended_at) - Date.parse(started_at)) : "…";
  return { n, status, duration };
}
