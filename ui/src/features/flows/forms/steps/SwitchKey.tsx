/** A field of a step that is on or off. */
import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { JsonField } from "../fields/JsonField";
import type { FormContext } from "../types";
import type { StepFields } from "./stepFields";

interface SwitchKeyProps {
  step: StepFields;
  name: string;
  label: string;
  description?: ReactNode;
  /** What holds if nothing is set: choosing it takes the field out. */
  isDefault: boolean;
  context: FormContext;
}

export function SwitchKey({ step, name, label, description, isDefault, context }: SwitchKeyProps) {
  const value = step.fields[name];
  if (value !== undefined && typeof value !== "boolean") {
    return (
      <JsonField
        label={label}
        context={context}
        error={step.wrong(name)}
        value={value}
        onChange={(next) => step.set(name, next)}
      />
    );
  }
  return (
    <Switch
      size="xs"
      label={label}
      description={description}
      checked={value ?? isDefault}
      disabled={context.isReadOnly}
      onChange={({ currentTarget: { checked } }) =>
        step.set(name, checked === isDefault ? undefined : checked)
      }
    />
  );
}
