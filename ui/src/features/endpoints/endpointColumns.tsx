import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import type { EndpointStatistics, EndpointSummary, FlowSummary } from "@/api";
import { CopyButton, formatCount, RelativeTime, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import own from "./Endpoints.module.css";

export interface EndpointRow {
  id: string;
  flow: FlowSummary;
  endpoint: EndpointSummary;
  /** Of the last day, once they are known. */
  seen: EndpointStatistics | undefined;
}

export function useEndpointColumns(): Column<EndpointRow>[] {
  const { t } = useTranslation(["ways", "flows"]);
  return useMemo(
    () => [
      {
        id: "endpoint",
        header: t("ways:room.endpoint"),
        width: 230,
        cell: ({ endpoint, flow }) => (
          <>
            <span className="strong">{endpoint.name}</span>{" "}
            <span className="faint">{flow.title || flow.name}</span>
          </>
        ),
      },
      {
        id: "url",
        header: t("ways:room.url"),
        cell: ({ endpoint }) => (
          <span className={own.url} onClick={(event) => event.stopPropagation()}>
            <span className="mono muted truncate" title={endpoint.url}>
              {endpoint.methods.join(", ")} {endpoint.url}
            </span>
            <CopyButton
              text={endpoint.url}
              label={t("flows:command.copyUrl", { name: endpoint.name })}
            />
          </span>
        ),
      },
      {
        id: "auth",
        header: t("ways:room.auth"),
        width: 176,
        fromWidth: 700,
        cell: ({ endpoint: { auth_kind } }) =>
          auth_kind === "none" ? (
            <span className={own.open}>
              <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
              {t("flows:auth.none")}
            </span>
          ) : (
            <span className="muted">{t(`flows:auth.${auth_kind}`)}</span>
          ),
      },
      {
        id: "last",
        header: t("ways:room.last"),
        width: 120,
        fromWidth: 860,
        cell: ({ seen }) =>
          seen?.last_request_at ? (
            <span className="muted">
              <RelativeTime at={seen.last_request_at} />
            </span>
          ) : (
            <span className="faint">{t("ways:room.never")}</span>
          ),
      },
      {
        id: "day",
        header: t("ways:room.today"),
        width: 84,
        fromWidth: 960,
        numeric: true,
        cell: ({ seen }) =>
          seen
            ? formatCount(Object.values(seen.requests).reduce((sum, each) => sum + each, 0))
            : "",
      },
      {
        id: "state",
        header: t("ways:room.state"),
        width: 176,
        fromWidth: 560,
        cell: ({ flow: { state, version } }) => (
          <StatusPill
            status={state}
            detail={version === null ? t("flows:notPublished") : undefined}
          />
        ),
      },
    ],
    [t],
  );
}
