/** One request: why it got its verdict, and what it carried. */
import { Button, Tabs } from "@mantine/core";
import { IconCopy, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { replayRequest, useStatus, type RequestDetail } from "@/api";
import {
  CopyButton,
  curlCommand,
  formatBytes,
  RelativeTime,
  shortId,
  StatusPill,
  useCopy,
} from "@/design";
import { ReplayModal } from "@/features/replays/ReplayModal";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { Checks } from "./Checks";
import { BodyTab, HeadersTab, RawTab } from "./RequestParts";
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
          <Actions request={request} withJobLink={withJobLink} />
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

function Actions({ request, withJobLink }: RequestPaneProps) {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { copy } = useCopy();
  const receiver = useStatus().data?.receiver.url ?? "";
  const curl = () =>
    curlCommand({
      method: request.method,
      url: receiver.replace(/\/$/, "") + request.path,
      headers: request.headers,
      body: request.body.text,
    });
  useCommands([
    {
      id: "request.curl",
      label: t("command.copyCurl"),
      Icon: IconCopy,
      run: () => void copy(curl),
    },
  ]);
  const { job_id } = request;
  return (
    <div className={classes.actions}>
      {withJobLink && job_id !== null && (
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => void navigate({ to: "/jobs/$id", params: { id: String(job_id) } })}
        >
          {t("openJob", { id: job_id })}
        </Button>
      )}
      {request.verdict !== "rejected" && <Replay request={request} />}
      <CopyButton text={curl} label={t("copyCurlHint")} words={t("copyCurl")} />
      <CopyButton text={request.id} label={t("copyId")} />
    </div>
  );
}

function Replay({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  useCommands([{ id: "request.replay", label: t("command.replay"), Icon: IconRefresh, run: open }]);
  return (
    <>
      <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={open}>
        {t("replay.action")}
      </Button>
      {isOpen && (
        <ReplayModal
          title={t("replay.title")}
          text={t(request.job_id === null ? "replay.textHeld" : "replay.text")}
          hasOriginal={request.job_id !== null}
          replay={(options) => replayRequest(request.id, options)}
          stale={[`request:${request.id}`]}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
