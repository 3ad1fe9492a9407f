import { useMemo } from "react";
import type { RequestSummary } from "@/api";
import { formatClock, formatExact, Prose, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";

export function useRequestColumns(): Column<RequestSummary>[] {
  const { t } = useTranslation("requests");
  return useMemo(
    () => [
      {
        id: "time",
        header: t("columns.time"),
        width: 124,
        cell: ({ at }) => (
          <time className="mono muted" dateTime={at} title={formatExact(at)}>
            {formatClock(at)}
          </time>
        ),
      },
      {
        id: "method",
        header: t("columns.method"),
        width: 72,
        fromWidth: 480,
        cell: ({ method }) => <span className="mono">{method}</span>,
      },
      {
        id: "endpoint",
        header: t("columns.endpoint"),
        fromWidth: 380,
        cell: ({ endpoint, path }) => (
          <span className={endpoint ? "strong" : "faint"} title={path}>
            {endpoint || t("unknownEndpoint")}
          </span>
        ),
      },
      {
        id: "verdict",
        header: t("columns.verdict"),
        width: 128,
        cell: ({ verdict }) => <StatusPill status={verdict} />,
      },
      {
        id: "http",
        header: t("columns.http"),
        width: 62,
        fromWidth: 430,
        numeric: true,
        cell: ({ status }) => <span className="mono">{status}</span>,
      },
      {
        id: "result",
        header: t("columns.result"),
        fromWidth: 560,
        cell: (request) => <Result request={request} />,
      },
    ],
    [t],
  );
}

function Result({ request }: { request: RequestSummary }) {
  const { t } = useTranslation("requests");
  const { reason, job_id, verdict } = request;
  if (verdict === "rejected" && reason !== null) {
    return (
      <span title={reason.replaceAll("`", "")}>
        <Prose text={reason} />
      </span>
    );
  }
  const words =
    verdict === "accepted" && job_id !== null ? t("result.job", { id: job_id }) : reason;
  return (
    <span className="muted" title={words ?? ""}>
      {words ?? (verdict === "duplicate" ? t("result.sameAs") : null)}
    </span>
  );
}
