import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import type { FlowSummary } from "@/api";
import { CopyButton, RelativeTime, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Flows.module.css";

export function useFlowColumns(): Column<FlowSummary>[] {
  const { t } = useTranslation("flows");
  return useMemo(
    () => [
      {
        id: "flow",
        header: t("columns.flow"),
        cell: ({ name, title }) => (
          <>
            <span className="strong">{title || name}</span>{" "}
            {title && title !== name && <span className="faint">{name}</span>}
          </>
        ),
      },
      {
        id: "state",
        header: t("columns.state"),
        width: 176,
        cell: ({ state, version }) => (
          <StatusPill
            status={state}
            detail={version === null ? t("notPublished") : t("version", { version })}
          />
        ),
      },
      {
        id: "endpoints",
        header: t("columns.endpoints"),
        fromWidth: 860,
        cell: (flow) => <Endpoint flow={flow} />,
      },
      {
        id: "problems",
        header: t("columns.problems"),
        width: 120,
        fromWidth: 620,
        cell: (flow) => <Problems flow={flow} />,
      },
      {
        id: "lastJob",
        header: t("columns.lastJob"),
        width: 128,
        cell: ({ last_job }) =>
          last_job ? (
            <StatusPill status={last_job.status} />
          ) : (
            <span className="faint">{t("noJob")}</span>
          ),
      },
      {
        id: "updated",
        header: t("columns.updated"),
        width: 110,
        fromWidth: 560,
        cell: ({ updated_at }) => (
          <span className="muted">
            <RelativeTime at={updated_at} />
          </span>
        ),
      },
    ],
    [t],
  );
}

function Endpoint({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation("flows");
  const endpoint = flow.endpoints[0];
  if (!endpoint) return null;
  return (
    <span className={classes.endpoint} onClick={(event) => event.stopPropagation()}>
      <span className="mono muted truncate" title={endpoint.url}>
        {endpoint.url.replace(/^https?:\/\/[^/]+/, "")}
      </span>
      <CopyButton text={endpoint.url} label={t("command.copyUrl", { name: endpoint.name })} />
    </span>
  );
}

function Problems({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation("flows");
  const { errors_count, warnings_count } = flow;
  if (errors_count > 0) {
    return (
      <span className={classes.problems} data-severity="error">
        <IconAlertCircle size={16} stroke={1.75} aria-hidden />
        {t("errors", { count: errors_count })}
      </span>
    );
  }
  if (warnings_count > 0) {
    return (
      <span className={classes.problems} data-severity="warning">
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
        {t("warnings", { count: warnings_count })}
      </span>
    );
  }
  return <span className="faint">{t("noProblems")}</span>;
}
