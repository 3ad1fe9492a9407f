/** One request: why it got its verdict, and what it carried. */
import { Tabs } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RequestDetail } from "@/api";
import { formatBytes, RelativeTime, shortId, StatusPill } from "@/design";
import { useTranslation } from "@/i18n";
import { BodyTab } from "./BodyTab";
import { Checks } from "./Checks";
import { RequestActions } from "./RequestActions";
import { HeadersTab, RawTab } from "./RequestParts";
import { isUnread } from "./isUnread";
import classes from "./Requests.module.css";

const TABS = ["why", "headers", "body", "raw"] as const;
type Tab = (typeof TABS)[number];

interface RequestPaneProps {
  request: RequestDetail;
  withJobLink: boolean;
}

export function RequestPane({ request, withJobLink }: RequestPaneProps) {
  const { t } = useTranslation("requests");
  const [tab, setTab] = useState<Tab>("why");
  return (
    <article className={classes.pane}>
      <Head request={request} />
      <Tabs className={classes.tabs} value={tab} onChange={(next) => setTab(next as Tab)}>
        <Tabs.List aria-label={t("tabs.label")}>
          {TABS.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              rightSection={
                each === "headers" ? (
                  <span className={classes.count}>{request.headers.length}</span>
                ) : undefined
              }
            >
              {t(`tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="why" className={classes.tabPanel}>
          <Checks checks={request.checks} />
          <Outcome request={request} />
          <RequestActions request={request} withJobLink={withJobLink} />
        </Tabs.Panel>
        <Tabs.Panel value="headers" className={classes.tabPanel}>
          <HeadersTab request={request} />
        </Tabs.Panel>
        <Tabs.Panel value="body" className={classes.tabPanel}>
          <BodyTab request={request} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" className={classes.tabPanel}>
          <RawTab request={request} />
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

function Head({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const { endpoint, remote_address, body_bytes } = request;
  return (
    <div className={classes.head}>
      <div className={classes.headLine}>
        <h2 className="truncate" title={`${request.method} ${request.path}`}>
          {request.method} {request.path}
        </h2>
        <StatusPill status={request.verdict} detail={String(request.status)} />
        <span className="muted">
          <RelativeTime at={request.at} />
        </span>
      </div>
      <p className={classes.meta}>
        {endpoint ? (
          <>
            {t("meta.endpoint")} <span className="strong">{endpoint}</span>
          </>
        ) : (
          t("meta.noEndpoint")
        )}
        {remote_address && ` · ${t("meta.from", { address: remote_address })}`}
        {` · ${isUnread(request) ? t("meta.unread") : formatBytes(body_bytes)}`}
      </p>
    </div>
  );
}

function Outcome({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const { verdict, duplicate_of } = request;
  if (verdict === "duplicate" && duplicate_of) {
    return (
      <p className={classes.outcome}>
        {t("outcome.duplicate")}{" "}
        <Link to="/requests" search={{ id: duplicate_of }}>
          <span className="mono">{shortId(duplicate_of)}</span>
        </Link>
      </p>
    );
  }
  return verdict === "held" ? <p className={classes.outcome}>{t("outcome.held")}</p> : null;
}
