/** A field of a step that is a number, or one expression that gives it. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormContext } from "../types";
import type { StepFields } from "./stepFields";

interface NumberKeyProps {
  step: StepFields;
  name: string;
  label: string;
  description?: string | undefined;
  placeholder?: string;
  /** What it has to be, said while it is something else. */
  hint: string;
  context: FormContext;
}

export function NumberKey(props: NumberKeyProps) {
  const { step, name, label, description, placeholder, hint, context } = props;
  const value = step.fields[name];
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === undefined ? "" : plain(value));
  const isWrong = text.trim() !== "" && numberIn(text) === null;

  function type(entered: string) {
    setTyped(entered);
    const number = numberIn(entered);
    if (entered.trim() === "") step.set(name, undefined);
    else if (number !== null) step.set(name, number);
  }

  return (
    <TextInput
      label={label}
      description={description}
      placeholder={placeholder ?? ""}
      value={text}
      error={isWrong ? hint : step.wrong(name)}
      readOnly={context.isReadOnly}
      inputMode="decimal"
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => !isWrong && setTyped(null)}
      autoComplete="off"
    />
  );
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function numberIn(text: string): number | null {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : null;
}
