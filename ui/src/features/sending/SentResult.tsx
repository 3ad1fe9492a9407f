/** What came of a message to one of our own endpoints: both sides, and where to look on. */
import { IconCheck, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { RequestSent } from "@/api";
import { formatDuration, Pill } from "@/design";
import { AnswerPane, RequestSentPane } from "@/features/deliveries/ExchangePanes";
import { intoView } from "@/features/flows/try/intoView";
import { useTranslation } from "@/i18n";
import classes from "./Sending.module.css";

export function SentResult({ sent }: { sent: RequestSent }) {
  const { t } = useTranslation("ways");
  const { response, received_request_id, job_id, left_out, duration_ms } = sent;
  const isTaken = response !== null && response.status >= 200 && response.status < 300;
  return (
    <section ref={intoView} className={classes.sent} aria-label={t("send.result")}>
      <div className={classes.resultHead} role="status">
        <Pill tone={isTaken ? "ok" : "bad"} Icon={isTaken ? IconCheck : IconX}>
          {t(isTaken ? "send.taken" : response ? "send.refused" : "send.unanswered")}
        </Pill>
        <span className="muted">{t("send.took", { duration: formatDuration(duration_ms) })}</span>
        {received_request_id && (
          <Link to="/requests" search={{ id: received_request_id }}>
            {t("send.showRequest")}
          </Link>
        )}
        {job_id !== null && (
          <Link to="/jobs/$id" params={{ id: String(job_id) }}>
            {t("send.showJob", { id: job_id })}
          </Link>
        )}
      </div>
      {left_out.length > 0 && (
        <p className="muted">{t("send.leftOut", { names: left_out.join(", ") })}</p>
      )}
      {response && response.status === 401 && <p className="muted">{t("send.why401")}</p>}
      <div className={classes.panes}>
        <RequestSentPane attempt={sent} />
        <AnswerPane attempt={sent} />
      </div>
    </section>
  );
}
