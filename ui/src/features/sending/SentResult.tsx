/** What came of a message to an endpoint: the answer, the request it became, the job it began. */
import { Link } from "@tanstack/react-router";
import type { RequestSent } from "@/api";
import { formatDuration, HttpPill } from "@/design";
import { reasonPhrase } from "@/design/httpWords";
import { AnswerPane, RequestSentPane } from "@/features/deliveries/ExchangePanes";
import { useTranslation } from "@/i18n";
import classes from "./Sending.module.css";

export function SentResult({ sent }: { sent: RequestSent }) {
  const { t } = useTranslation("requests");
  const { response, duration_ms, received_request_id, job_id } = sent;
  return (
    <section aria-label={t("send.result")} className={classes.result}>
      <div className={classes.resultHead} role="status">
        {response && <HttpPill status={response.status} text={reasonPhrase(response.status)} />}
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
        <RequestSentPane attempt={sent} />
        <AnswerPane attempt={sent} />
      </div>
    </section>
  );
}
