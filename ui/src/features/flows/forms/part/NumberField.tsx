/** A whole number, or nothing for the default. What is no number stays where it was typed, and is not taken over. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";

interface NumberFieldProps {
  label: string;
  description?: string;
  value: unknown;
  min: number;
  onChange: (value: number | undefined) => void;
  error?: string | undefined;
  readOnly?: boolean;
}

export function NumberField(props: NumberFieldProps) {
  const { label, description, value, min, onChange, error, readOnly = false } = props;
  const { t } = useTranslation("editor");
  const shown = value === undefined ? "" : typeof value === "number" ? String(value) : null;
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? shown ?? JSON.stringify(value);
  const mistake = typed !== null && read(typed, min) === null;

  function change(next: string) {
    const number = read(next, min);
    setTyped(number === null ? next : null);
    if (number !== null) onChange(number === "" ? undefined : number);
  }

  return (
    <TextInput
      label={label}
      description={description}
      inputMode="numeric"
      value={text}
      error={mistake ? t("form.number", { min }) : error}
      readOnly={readOnly}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
      autoComplete="off"
    />
  );
}

function read(text: string, min: number): number | "" | null {
  if (text.trim() === "") return "";
  const number = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  return Number.isSafeInteger(number) && number >= min ? number : null;
}
