import type { DeliveryAttempt } from "@/api";
import {
  CopyButton,
  curlCommand,
  formatBytes,
  formatDuration,
  HttpMessage,
  HttpPill,
} from "@/design";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { useTranslation } from "@/i18n";
import { reasonPhrase } from "@/design/httpWords";
import classes from "./DeliveryDetail.module.css";

/** An attempt of a delivery, or a test that was recorded nowhere. */
type Exchange = Pick<DeliveryAttempt, "request" | "response" | "error" | "duration_ms"> &
  Partial<Pick<DeliveryAttempt, "status">>;

interface PaneProps {
  attempt: Exchange | undefined;
}

export function RequestSentPane({ attempt }: PaneProps) {
  const { t } = useTranslation(["deliveries", "common"]);
  const request = attempt?.request;
  return (
    <section className={classes.pane}>
      <div className={classes.paneHead}>
        <h2>{t("deliveries:request")}</h2>
        {request && <span className="mono muted">{request.method}</span>}
        {request && (
          <CopyButton
            text={() => curlCommand(request)}
            label={t("deliveries:copyCurl")}
            words={t("deliveries:curl")}
          />
        )}
      </div>
      {request ? (
        <HttpMessage
          label={t("deliveries:request")}
          url={request.url}
          headers={request.headers}
          body={request.body}
          note={request.body_truncated ? t("common:body.cutUnknown") : undefined}
        />
      ) : (
        <p className="muted">{t("deliveries:noRequest")}</p>
      )}
    </section>
  );
}

export function AnswerPane({ attempt }: PaneProps) {
  const { t } = useTranslation(["deliveries", "common"]);
  const response = attempt?.response;
  const duration = attempt?.duration_ms;
  return (
    <section className={classes.pane}>
      <div className={classes.paneHead}>
        <h2>{t("deliveries:answer")}</h2>
        {response && <HttpPill status={response.status} text={reasonPhrase(response.status)} />}
        {response && typeof duration === "number" && (
          <span className="muted">
            {t("deliveries:durationAndSize", {
              duration: formatDuration(duration),
              size: formatBytes(response.body_bytes),
            })}
          </span>
        )}
      </div>
      {response && (
        <HttpMessage
          label={t("deliveries:answer")}
          headers={response.headers}
          body={response.body}
          note={answerNote(response)}
        />
      )}
      {!response && attempt?.error && (
        <FaultPanel title={t("deliveries:noAnswer")} fault={attempt.error} />
      )}
      {!response && !attempt?.error && (
        <p className="muted">
          {t(attempt?.status === "sending" ? "deliveries:awaited" : "deliveries:noAnswer")}
        </p>
      )}
    </section>
  );

  function answerNote(answer: NonNullable<typeof response>): string | undefined {
    const size = formatBytes(answer.body_bytes);
    if (answer.body_truncated) return t("common:body.cut", { size });
    if (answer.body_bytes === 0) return t("common:body.empty");
    return answer.body ? undefined : t("common:body.binary", { size });
  }
}
