/** What came of a message to an endpoint: the answer, the request it became, the job it began. */
import { Link } from "@tanstack/react-router";
import type { RequestSent } from "@/api";
import { AnswerPane, RequestSentPane } from "@/features/deliveries/ExchangePanes";
import { useTranslation } from "@/i18n";
import classes from "./Sending.module.css";

export function SentResult({ sent }: { sent: RequestSent }) {
  const { t } = useTranslation("requests");
  const { response, received_request_id, job_id } = sent;
  return (
    <section aria-label={t("send.result")} className={classes.result}>
      <div className={classes.resultHead} role="status">
        <span className="strong">
          {response ? t("send.answered", { status: response.status }) : t("send.unanswered")}
        </span>
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
