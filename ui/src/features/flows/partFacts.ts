/** The known fields of a part as names and words, and which fields these words have told. */
import { formatBytes, formatCount, formatDuration } from "@/design";
import { useTranslation } from "@/i18n";
import { edgesOf, isFields, taskOutputs, text, texts, type Fields } from "./document";
import type { NodeKind } from "./graph";
import { useNodeWords } from "./nodeLook";
import { told, type KnownField, type PartFacts } from "./told";

const BACKOFFS = ["exponential", "fixed", "linear"] as const;
const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;
const MODES = ["async", "sync", "stream"] as const;
/** What the panel of a schedule says, with its next times. */
const OF_SCHEDULE_PANEL = ["cron", "time_zone", "missed", "enabled"];

export function usePartFacts(kind: NodeKind, fields: Fields): PartFacts {
  const step = useStepFacts(fields);
  const endpoint = useEndpointFacts(fields);
  const task = useTaskFacts(fields);
  switch (kind) {
    case "endpoint":
      return endpoint;
    case "task":
      return task;
    case "schedule":
      return { facts: step.facts, told: [...step.told, ...OF_SCHEDULE_PANEL] };
    default:
      return step;
  }
}

function useStepFacts(fields: Fields): PartFacts {
  const { t } = useTranslation(["flows", "parts"]);
  const edges = edgesOf({ name: "", place: "", fields });
  const after = edges
    .map(({ step, on }) => `${step} ${t("flows:value.on", { codes: on.join(", ") })}`)
    .join("; ");
  const isHttp = fields.kind === "http";
  const redirects = fields.follow_redirects === true ? "followed" : "notFollowed";
  const facts: KnownField[] = [
    [["step"], t("flows:field.step"), text(fields.step)],
    [["flow"], t("parts:field.flow"), text(fields.flow)],
    [["default"], t("parts:field.default"), text(fields.default)],
    [["exit_code"], t("parts:field.exit_code"), text(fields.exit_code)],
    [["temperature"], t("parts:field.temperature"), number(fields.temperature)],
    [["max_tokens"], t("parts:field.max_tokens"), number(fields.max_tokens)],
    [["json"], t("parts:field.json"), fields.json === true && t("parts:field.jsonValue")],
    [["for_ms"], t("parts:field.for_ms"), duration(fields.for_ms)],
    [["success_statuses"], t("parts:field.success_statuses"), text(fields.success_statuses)],
    [["outputs"], t("parts:field.outputs"), texts(fields.outputs).join(", ")],
    [
      ["follow_redirects"],
      t("parts:field.follow_redirects"),
      isHttp && t(`parts:field.${redirects}`),
    ],
    [
      ["validate_ssl"],
      t("flows:field.validate_ssl"),
      fields.validate_ssl === false && t("flows:value.sslOff"),
    ],
    [["after"], t("flows:field.after"), after],
    [["join"], t("parts:field.join"), fields.join === "any" && t("parts:field.joinAny")],
    [["timeout_ms"], t("flows:field.timeout_ms"), duration(fields.timeout_ms)],
    [["retry"], t("flows:field.retry"), isFields(fields.retry) ? retryWords(fields.retry) : null],
    // A remote step's key has a panel of its own.
    [
      ["secret"],
      t("parts:field.secret"),
      fields.kind !== "remote" && text(fields.secret) && `secrets.${text(fields.secret)}`,
    ],
  ];
  return told(facts, fields);

  function retryWords(retry: Fields): string {
    const known = BACKOFFS.find((each) => each === retry.backoff);
    return t("flows:value.retry", {
      attempts: String(retry.attempts_max ?? 1),
      backoff: known ? t(`flows:value.backoff.${known}`) : text(retry.backoff),
      delay: duration(retry.delay_ms) ?? "0 ms",
    });
  }
}

function useEndpointFacts(fields: Fields): PartFacts {
  const { t } = useTranslation(["flows", "parts"]);
  const auth = useAuthWords()(isFields(fields.auth) ? fields.auth : {});
  const limits = isFields(fields.limits) ? fields.limits : {};
  const bytes = limits.body_bytes_max;
  const requests = limits.requests_per_minute_max;
  const mode = MODES.find((each) => each === (fields.mode ?? "async"));
  const facts: KnownField[] = [
    [["auth"], t("flows:field.auth"), auth],
    [["methods"], t("flows:field.methods"), texts(fields.methods).join(", ") || "POST"],
    [["path"], t("parts:field.path"), text(fields.path)],
    [["mode"], t("flows:field.mode"), mode ? t(`parts:mode.${mode}`) : text(fields.mode)],
    [["modes_allowed"], t("parts:field.modes_allowed"), texts(fields.modes_allowed).join(", ")],
    [["sync_timeout_ms"], t("parts:field.sync_timeout_ms"), duration(fields.sync_timeout_ms)],
    [["limits"], t("flows:field.body_bytes_max"), typeof bytes === "number" && formatBytes(bytes)],
    [
      ["limits"],
      t("flows:field.requests_per_minute_max"),
      typeof requests === "number" && formatCount(requests),
    ],
    [["content_types"], t("parts:field.content_types"), texts(fields.content_types).join(", ")],
    [
      ["allowed_origins"],
      t("parts:field.allowed_origins"),
      texts(fields.allowed_origins).join(", "),
    ],
    [["idempotency_key"], t("parts:field.idempotency_key"), text(fields.idempotency_key)],
    [["header_memory"], t("flows:field.header_memory"), text(fields.header_memory)],
    [["body_memory"], t("flows:field.body_memory"), text(fields.body_memory)],
    [["query_memory"], t("flows:field.query_memory"), text(fields.query_memory)],
    [
      ["credential_headers"],
      t("parts:field.credential_headers"),
      texts(fields.credential_headers).join(", "),
    ],
  ];
  return told(facts, fields, ["auth"]);
}

/** `signature, github, secrets.hub`: the kind, what it needs, and the old secret while it is good. */
function useAuthWords() {
  const { t } = useTranslation("parts");
  const words = useNodeWords();
  return function say(auth: Fields): string {
    const several = Array.isArray(auth.of) ? auth.of.filter(isFields).map(say) : [];
    const previous = isFields(auth.previous) ? auth.previous : null;
    return [
      words.auth(text(auth.kind)),
      several.length > 0 && `(${several.join("; ")})`,
      text(auth.scheme),
      text(auth.algorithm),
      text(auth.username),
      text(auth.header),
      texts(auth.ranges).join(" "),
      text(auth.secret) && `secrets.${text(auth.secret)}`,
      typeof auth.tolerance_s === "number" &&
        `${t("field.tolerance_s")} ${formatDuration(auth.tolerance_s * 1000)}`,
      previous &&
        t("field.previousValue", { secret: text(previous.secret), until: text(previous.until) }),
    ]
      .filter(Boolean)
      .join(", ");
  };
}

function useTaskFacts(fields: Fields): PartFacts {
  const { t } = useTranslation(["flows", "parts", "deliveries"]);
  const event = EVENTS.find((each) => each === fields.event);
  const outputs = taskOutputs({ name: "", place: "", fields });
  const secret = text(fields.secret);
  const waits = Array.isArray(fields.schedule_ms) ? fields.schedule_ms.map(duration) : [];
  const ssl = fields.validate_ssl === false ? "sslOff" : "sslOn";
  const retries = fields.retry_on_failure === false ? "retriesOff" : "retriesOn";
  const facts: KnownField[] = [
    [
      ["event"],
      t("flows:field.event"),
      event ? t(`deliveries:event.${event}`) : text(fields.event),
    ],
    [
      ["object"],
      t("flows:field.object"),
      outputs ? t("flows:value.outputs", { names: outputs.join(", ") }) : t("flows:value.anyJob"),
    ],
    [["secret"], t("flows:field.secret"), secret && `secrets.${secret}`],
    [["scheme"], t("parts:field.scheme"), text(fields.scheme)],
    [["validate_ssl"], t("flows:field.validate_ssl"), t(`flows:value.${ssl}`)],
    [["retry_on_failure"], t("flows:field.retry_on_failure"), t(`flows:value.${retries}`)],
    [["schedule_ms"], t("parts:field.schedule_ms"), waits.join(", ")],
    [["timeout_ms"], t("flows:field.timeout_ms"), duration(fields.timeout_ms)],
    [["enabled"], "", null],
  ];
  return told(facts, fields, ["object", "enabled"]);
}

function number(value: unknown): string | null {
  return typeof value === "number" ? String(value) : null;
}

function duration(ms: unknown): string | null {
  return typeof ms === "number" ? formatDuration(ms) : null;
}
