/** A field of a step that is a text with expressions; a value of another shape is edited as JSON. */
import { JsonField } from "../fields/JsonField";
import { TemplateField } from "../TemplateField";
import type { FormContext, TemplatePlace } from "../types";
import type { StepFields } from "./stepFields";

interface TemplateKeyProps {
  step: StepFields;
  name: string;
  label: string;
  description?: string | undefined;
  place: TemplatePlace;
  context: FormContext;
  isLong?: boolean;
  /** An empty text takes the field out. */
  isOptional?: boolean;
}

export function TemplateKey(props: TemplateKeyProps) {
  const { step, name, label, description, place, context, isLong = false, isOptional } = props;
  const value = step.fields[name];
  const common = { label, description, context, error: step.wrong(name) };
  if (value !== undefined && typeof value !== "string") {
    return <JsonField {...common} value={value} onChange={(next) => step.set(name, next)} />;
  }
  return (
    <TemplateField
      {...common}
      value={value ?? ""}
      onChange={(next) => step.set(name, isOptional && next === "" ? undefined : next)}
      place={place}
      isLong={isLong}
    />
  );
}
