/** What came of a message to an endpoint: the answer, the request it became, the job it began. */
import { Link } from "@tanstack/react-router";
import type { EndpointSent } from "@/api";
import { formatDuration, HttpMessage, HttpPill } from "@/design";
import { reasonPhrase } from "@/design/httpWords";
import { useTranslation } from "@/i18n";
import classes from "./Sending.module.css";

export function SentResult({ sent }: { sent: EndpointSent }) {
  const { t } = useTranslation("requests");
  const { request, response, duration_ms, received_request_id, job_id } = sent;
  return (
    <section aria-label={t("send.result")} className={classes.result}>
      <div className={classes.resultHead} role="status">
        <HttpPill status={response.status} text={reasonPhrase(response.status)} />
        <span className="muted">{t("send.took", { duration: formatDuration(duration_ms) })}</span>
        {job_id !== null && (
          <Link to="/jobs/$id" params={{ id: String(job_id) }}>
            {t("openJob", { id: job_id })}
          </Link>
        )}
        {received_request_id !== null && (
          <Link to="/requests" search={{ id: received_request_id }}>
            {t("send.openRequest")}
          </Link>
        )}
      </div>
      <div className={classes.panes}>
        <HttpMessage
          label={t("send.sent")}
          url={`${request.method} ${request.url}`}
          headers={named(request.headers)}
          body={request.body}
        />
        <HttpMessage
          label={t("send.answer")}
          headers={named(response.headers)}
          body={response.body}
        />
      </div>
    </section>
  );
}

const named = (headers: [string, string][]) => headers.map(([name, value]) => ({ name, value }));
