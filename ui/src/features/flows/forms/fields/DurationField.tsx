/** A duration: milliseconds in the document, `30 s` or `2 min` on the screen. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../types";
import { durationText, parseDuration } from "./durations";

export interface DurationFieldProps {
  label: string;
  description?: string | undefined;
  /** Milliseconds; something else is shown as it is. */
  value: unknown;
  /** Undefined: nothing is set, and the default holds. */
  onChange: (ms: number | undefined) => void;
  context: FormContext;
  /** What holds if nothing is set. */
  defaultMs?: number;
  minMs?: number;
  maxMs?: number;
  error?: string | undefined;
}

export function DurationField(props: DurationFieldProps) {
  const { label, description, value, onChange, context, defaultMs, error } = props;
  const { minMs = 0, maxMs = Number.MAX_SAFE_INTEGER } = props;
  const { t } = useTranslation("forms");
  const [typed, setTyped] = useState<string | null>(null);
  const set = typeof value === "number" ? durationText(value) : value === undefined ? "" : null;
  const text = typed ?? set ?? JSON.stringify(value);
  const ms = parseDuration(text);
  const isEmpty = text.trim() === "";
  const wrong = mistakeIn(text);

  function mistakeIn(entered: string): string | undefined {
    if (entered.trim() === "") return undefined;
    const found = parseDuration(entered);
    if (found === null) return t("duration.bad");
    if (found < minMs) return t("duration.least", { duration: durationText(minMs) });
    if (found > maxMs) return t("duration.most", { duration: durationText(maxMs) });
    return undefined;
  }

  function type(entered: string) {
    setTyped(entered);
    if (entered.trim() === "") onChange(undefined);
    else if (mistakeIn(entered) === undefined) onChange(parseDuration(entered) ?? undefined);
  }

  return (
    <TextInput
      label={label}
      description={description}
      value={text}
      placeholder={defaultMs === undefined ? "" : durationText(defaultMs)}
      error={wrong ?? error}
      readOnly={context.isReadOnly}
      onChange={(event) => type(event.currentTarget.value)}
      // What is right is said in its usual form; what is wrong stays to be mended.
      onBlur={() => (isEmpty || (ms !== null && !wrong)) && setTyped(null)}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
