/** The known fields of a part as names and words, and which fields these words have told. */
import { formatBytes, formatCount, formatDuration, type Fact } from "@/design";
import { useTranslation } from "@/i18n";
import { edgesOf, isFields, taskOutputs, text, texts, type Fields } from "./document";
import type { NodeKind } from "./graph";
import { useNodeWords } from "./nodeLook";

interface PartFacts {
  facts: Fact[];
  /** Keys of the document that need not be shown again. */
  told: string[];
}

const BACKOFFS = ["exponential", "fixed", "linear"] as const;
const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;

export function usePartFacts(kind: NodeKind, fields: Fields): PartFacts {
  const common = useCommonFacts(fields);
  const endpoint = useEndpointFacts(fields);
  const task = useTaskFacts(fields);
  if (kind === "endpoint") return endpoint;
  return kind === "task" ? task : common;
}

function useCommonFacts(fields: Fields): PartFacts {
  const { t } = useTranslation("flows");
  const edges = edgesOf({ name: "", place: "", fields });
  const after = edges
    .map(({ step, on }) => `${step} ${t("value.on", { codes: on.join(", ") })}`)
    .join("; ");
  return {
    told: ["after", "timeout_ms", "retry", "step"],
    facts: [
      { name: t("field.step"), value: text(fields.step) },
      { name: t("field.after"), value: after },
      { name: t("field.timeout_ms"), value: duration(fields.timeout_ms) },
      { name: t("field.retry"), value: isFields(fields.retry) ? retryWords(fields.retry) : null },
    ],
  };

  function retryWords(retry: Fields): string {
    const known = BACKOFFS.find((each) => each === retry.backoff);
    return t("value.retry", {
      attempts: String(retry.attempts_max ?? 1),
      backoff: known ? t(`value.backoff.${known}`) : text(retry.backoff),
      delay: duration(retry.delay_ms) ?? "0 ms",
    });
  }
}

function useEndpointFacts(fields: Fields): PartFacts {
  const { t } = useTranslation("flows");
  const words = useNodeWords();
  const auth = isFields(fields.auth) ? fields.auth : {};
  const limits = isFields(fields.limits) ? fields.limits : {};
  const secret = text(auth.secret);
  return {
    told: ["methods", "mode", "auth", "header_memory", "body_memory", "query_memory", "limits"],
    facts: [
      { name: t("field.methods"), value: texts(fields.methods).join(", ") || "POST" },
      { name: t("field.mode"), value: text(fields.mode) },
      {
        name: t("field.auth"),
        value: [words.auth(text(auth.kind)), secret && `secrets.${secret}`]
          .filter(Boolean)
          .join(", "),
      },
      { name: t("field.header_memory"), value: text(fields.header_memory) },
      { name: t("field.body_memory"), value: text(fields.body_memory) },
      { name: t("field.query_memory"), value: text(fields.query_memory) },
      {
        name: t("field.body_bytes_max"),
        value:
          typeof limits.body_bytes_max === "number" ? formatBytes(limits.body_bytes_max) : null,
      },
      {
        name: t("field.requests_per_minute_max"),
        value:
          typeof limits.requests_per_minute_max === "number"
            ? formatCount(limits.requests_per_minute_max)
            : null,
      },
    ],
  };
}

function useTaskFacts(fields: Fields): PartFacts {
  const { t } = useTranslation(["flows", "deliveries"]);
  const event = EVENTS.find((each) => each === fields.event);
  const outputs = taskOutputs({ name: "", place: "", fields });
  const secret = text(fields.secret);
  return {
    told: ["event", "object", "secret", "validate_ssl", "retry_on_failure", "timeout_ms"],
    facts: [
      {
        name: t("flows:field.event"),
        value: event ? t(`deliveries:event.${event}`) : text(fields.event),
      },
      {
        name: t("flows:field.object"),
        value: outputs
          ? t("flows:value.outputs", { names: outputs.join(", ") })
          : t("flows:value.anyJob"),
      },
      { name: t("flows:field.secret"), value: secret && `secrets.${secret}` },
      {
        name: t("flows:field.validate_ssl"),
        value: t(fields.validate_ssl === false ? "flows:value.sslOff" : "flows:value.sslOn"),
      },
      {
        name: t("flows:field.retry_on_failure"),
        value: t(
          fields.retry_on_failure === false ? "flows:value.retriesOff" : "flows:value.retriesOn",
        ),
      },
      { name: t("flows:field.timeout_ms"), value: duration(fields.timeout_ms) },
    ],
  };
}

function duration(ms: unknown): string | null {
  return typeof ms === "number" ? formatDuration(ms) : null;
}
