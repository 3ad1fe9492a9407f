/** What every step has beside its own settings: what it waits for, how long it may take, how often it is tried. */
import { NativeSelect, SegmentedControl } from "@mantine/core";
import { formatDuration } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "../../document";
import { withKey } from "../../editor/commands/parts";
import type { PartFormProps } from "../types";
import { AfterList } from "./AfterList";
import { NumberField } from "./NumberField";
import { problemAt } from "./problems";

const TIMEOUT_MS = 30_000;
const LLM_TIMEOUT_MS = 120_000;
const REMOTE_ATTEMPTS = 3;
const BACKOFFS = ["exponential", "linear", "fixed"] as const;

export default function OrderForm({ fields, onChange, problems, context }: PartFormProps) {
  const { t } = useTranslation("editor");
  const readOnly = context.isReadOnly;
  const wrong = (key: string) => problemAt(problems, context.place, key);
  const set = (key: string, value: unknown, merge?: string) =>
    onChange({ fields: withKey(fields, key, value), ...(merge ? { merge } : {}) });
  const after = Array.isArray(fields.after) ? fields.after : [];
  const timeout_ms = fields.kind === "llm" ? LLM_TIMEOUT_MS : TIMEOUT_MS;
  return (
    <>
      <AfterList
        fields={fields}
        context={context}
        problems={problems}
        onChange={(next) => onChange({ fields: next })}
      />
      {after.length > 1 && (
        <div role="group" aria-label={t("form.join")}>
          <SegmentedControl
            fullWidth
            disabled={readOnly}
            value={fields.join === "any" ? "any" : "all"}
            onChange={(value) => set("join", value === "any" ? "any" : undefined)}
            data={[
              { value: "all", label: t("form.joinAll") },
              { value: "any", label: t("form.joinAny") },
            ]}
          />
          <p className="faint">{t("form.joinHint")}</p>
        </div>
      )}
      <NumberField
        label={t("form.timeout")}
        description={t("form.timeoutHint", { default: formatDuration(timeout_ms) })}
        value={fields.timeout_ms}
        min={1}
        readOnly={readOnly}
        error={wrong("timeout_ms")}
        onChange={(value) => set("timeout_ms", value, "timeout_ms")}
      />
      <RetryFields
        fields={fields}
        error={wrong("retry")}
        readOnly={readOnly}
        onChange={(retry) => set("retry", retry, "retry")}
      />
    </>
  );
}

interface RetryFieldsProps {
  fields: Fields;
  error: string | undefined;
  readOnly: boolean;
  onChange: (retry: Fields | undefined) => void;
}

function RetryFields({ fields, error, readOnly, onChange }: RetryFieldsProps) {
  const { t } = useTranslation("editor");
  const retry = isFields(fields.retry) ? fields.retry : {};
  const set = (key: string, value: unknown) => {
    const next = withKey(retry, key, value);
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  const usual = fields.kind === "remote" ? REMOTE_ATTEMPTS : 1;
  const attempts = typeof retry.attempts_max === "number" ? retry.attempts_max : usual;
  return (
    <>
      <NumberField
        label={t("form.retry")}
        description={t("form.retryHint", { default: usual })}
        value={retry.attempts_max}
        min={1}
        readOnly={readOnly}
        error={error}
        onChange={(value) => set("attempts_max", value)}
      />
      {attempts > 1 && (
        <>
          <NativeSelect
            label={t("form.backoff")}
            value={text(retry.backoff) || "exponential"}
            disabled={readOnly}
            onChange={(event) => set("backoff", event.currentTarget.value)}
            data={BACKOFFS.map((value) => ({ value, label: t(`form.backoffs.${value}`) }))}
          />
          <NumberField
            label={t("form.delay")}
            description={t("form.delayHint")}
            value={retry.delay_ms}
            min={0}
            readOnly={readOnly}
            onChange={(value) => set("delay_ms", value)}
          />
        </>
      )}
    </>
  );
}
