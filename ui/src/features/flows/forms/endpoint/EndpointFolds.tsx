/** The settings of an endpoint that are seldom changed. */
import type { Problem } from "@/api";
import { formatCount } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, texts } from "../../document";
import { bytesText } from "../common/bytes";
import { BytesField } from "../common/BytesField";
import classes from "../common/Common.module.css";
import { ChecksField, LinesField, WholeField } from "../common/fields";
import { Fold } from "../common/Fold";
import { given, type Slot } from "../common/slot";
import { DurationField } from "../fields/DurationField";
import { JsonField } from "../fields/JsonField";
import { TemplateField } from "../TemplateField";
import { AnswerFields } from "./AnswerFields";
import {
  ALWAYS_SEALED,
  BODY_BYTES_MAX,
  BODY_BYTES_USUAL,
  MODES,
  RATE_MAX,
  SYNC_TIMEOUT_MAX_MS,
  SYNC_TIMEOUT_USUAL_MS,
} from "./endpoint";
import { HandshakeFields } from "./HandshakeFields";
import { impliedHandshake } from "./handshakes";

interface EndpointFoldsProps {
  slot: Slot;
  problems: Problem[];
}

export function EndpointFolds({ slot, problems }: EndpointFoldsProps) {
  const { t } = useTranslation("ways");
  const state = useStates(slot);
  const isWrong = (...keys: string[]) =>
    problems.some(
      ({ severity, place }) =>
        severity === "error" &&
        keys.some((key) => `${place}/`.startsWith(`${slot.context.place}/${key}/`)),
    );
  return (
    <div className={classes.folds}>
      <Fold title={t("endpoint.limits")} state={state.limits} isWrong={isWrong("limits")}>
        <Limits slot={slot.inner("limits")} />
      </Fold>
      <Fold
        title={t("endpoint.letIn")}
        state={state.letIn}
        isWrong={isWrong("content_types", "schema", "allowed_origins")}
      >
        <LetIn slot={slot} />
      </Fold>
      <Fold
        title={t("endpoint.repeats")}
        state={state.repeats}
        isWrong={isWrong("idempotency_key")}
      >
        <TemplateField
          label={t("endpoint.idempotency_key")}
          description={t("endpoint.idempotencyHint")}
          value={text(slot.fields.idempotency_key)}
          onChange={(value) => slot.set("idempotency_key", given(value))}
          place="text"
          context={slot.context}
          error={slot.error("idempotency_key")}
        />
      </Fold>
      <Fold title={t("handshake.title")} state={state.handshake} isWrong={isWrong("handshake")}>
        <HandshakeFields slot={slot} />
      </Fold>
      <Fold
        title={t("endpoint.answers")}
        state={state.answers}
        isWrong={isWrong("response", "off_response")}
      >
        <AnswerFields slot={slot} name="response" />
        <AnswerFields slot={slot} name="off_response" />
      </Fold>
      <Fold
        title={t("endpoint.modesAllowed")}
        state={state.modes}
        isWrong={isWrong("modes_allowed", "sync_timeout_ms")}
      >
        <Modes slot={slot} />
      </Fold>
      <Fold
        title={t("endpoint.sealed")}
        state={state.sealed}
        isWrong={isWrong("credential_headers")}
      >
        <LinesField
          slot={slot}
          name="credential_headers"
          label={t("endpoint.credential_headers")}
          description={t("endpoint.credentialHint", { names: ALWAYS_SEALED.join(", ") })}
          placeholder="X-Customer-Token"
        />
      </Fold>
    </div>
  );
}

/** What holds in each group, in a few words. */
function useStates({ fields }: Slot) {
  const { t } = useTranslation("ways");
  const limits = isFields(fields.limits) ? fields.limits : {};
  const bytes = typeof limits.body_bytes_max === "number" ? limits.body_bytes_max : null;
  const rate = limits.requests_per_minute_max;
  const own = ["response", "off_response"].filter((key) => fields[key] !== undefined).length;
  const filters = ["content_types", "schema", "allowed_origins"].filter(
    (key) => fields[key] !== undefined,
  ).length;
  const handshake = isFields(fields.handshake) ? text(fields.handshake.kind) : "";
  const answered = handshake || impliedHandshake(fields.auth) || "none";
  const modes = texts(fields.modes_allowed);
  return {
    limits: [
      bytesText(bytes ?? BODY_BYTES_USUAL),
      typeof rate === "number"
        ? t("endpoint.perMinute", { rate: formatCount(rate) })
        : t("endpoint.noRate"),
    ].join(", "),
    letIn: filters === 0 ? t("endpoint.everything") : t("endpoint.filters", { count: filters }),
    repeats: text(fields.idempotency_key) || t("endpoint.byHeaders"),
    handshake: t(`handshake.kind.${answered as "none"}`, { defaultValue: answered }),
    answers: own === 0 ? t("endpoint.usualAnswers") : t("endpoint.ownAnswers", { count: own }),
    modes: modes.length === 0 ? t("endpoint.onlyMode") : modes.join(", "),
    sealed: t("endpoint.headersCount", {
      count: ALWAYS_SEALED.length + texts(fields.credential_headers).length,
    }),
  };
}

function Limits({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  return (
    <div className={classes.pair}>
      <BytesField
        slot={slot}
        name="body_bytes_max"
        label={t("endpoint.body_bytes_max")}
        usual={BODY_BYTES_USUAL}
        most={BODY_BYTES_MAX}
      />
      <WholeField
        slot={slot}
        name="requests_per_minute_max"
        label={t("endpoint.requests_per_minute_max")}
        least={1}
        most={RATE_MAX}
        bad={t("endpoint.rateBad", { max: formatCount(RATE_MAX) })}
        placeholder={t("endpoint.noRate")}
      />
    </div>
  );
}

function LetIn({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  return (
    <>
      <LinesField
        slot={slot}
        name="content_types"
        label={t("endpoint.content_types")}
        description={t("endpoint.contentTypesHint")}
        placeholder="application/json"
      />
      <LinesField
        slot={slot}
        name="allowed_origins"
        label={t("endpoint.allowed_origins")}
        description={t("endpoint.originsHint")}
        placeholder="https://shop.example"
      />
      <JsonField
        label={t("endpoint.schema")}
        description={t("endpoint.schemaHint")}
        value={slot.fields.schema}
        onChange={(value) => slot.set("schema", value)}
        context={slot.context}
        error={slot.error("schema")}
      />
    </>
  );
}

function Modes({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  return (
    <>
      <ChecksField
        slot={slot}
        name="modes_allowed"
        label={t("endpoint.modes_allowed")}
        description={t("endpoint.modesAllowedHint")}
        options={MODES.map((value) => ({ value, label: t(`endpoint.modes.${value}`) }))}
      />
      <DurationField
        label={t("endpoint.sync_timeout_ms")}
        description={t("endpoint.syncTimeoutHint")}
        value={slot.fields.sync_timeout_ms}
        onChange={(ms) => slot.set("sync_timeout_ms", ms)}
        context={slot.context}
        defaultMs={SYNC_TIMEOUT_USUAL_MS}
        minMs={1}
        maxMs={SYNC_TIMEOUT_MAX_MS}
        error={slot.error("sync_timeout_ms")}
      />
    </>
  );
}
