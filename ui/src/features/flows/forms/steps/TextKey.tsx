/** A field of a step that is a plain word, without expressions. */
import { TextInput } from "@mantine/core";
import { JsonField } from "../fields/JsonField";
import type { FormContext } from "../types";
import type { StepFields } from "./stepFields";

interface TextKeyProps {
  step: StepFields;
  name: string;
  label: string;
  description?: string | undefined;
  placeholder?: string;
  context: FormContext;
}

export function TextKey({ step, name, label, description, placeholder, context }: TextKeyProps) {
  const value = step.fields[name];
  const error = step.wrong(name);
  if (value !== undefined && typeof value !== "string") {
    return (
      <JsonField
        label={label}
        description={description}
        context={context}
        error={error}
        value={value}
        onChange={(next) => step.set(name, next)}
      />
    );
  }
  return (
    <TextInput
      label={label}
      description={description}
      placeholder={placeholder ?? ""}
      value={value ?? ""}
      error={error}
      readOnly={context.isReadOnly}
      onChange={({ currentTarget: { value: next } }) =>
        step.set(name, next === "" ? undefined : next)
      }
      spellCheck={false}
      autoComplete="off"
    />
  );
}
