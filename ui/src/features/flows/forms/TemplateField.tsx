/** A text with `{{ expressions }}`, to edit. */
import { Textarea } from "@mantine/core";
import type { FormContext, TemplatePlace } from "./types";

export interface TemplateFieldProps {
  label: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
  place: TemplatePlace;
  context: FormContext;
  /** What is wrong with it, in words. */
  error?: string;
  /** More than one line. */
  isLong?: boolean;
}

export function TemplateField(props: TemplateFieldProps) {
  const { label, description, value, onChange, context, error, isLong } = props;
  return (
    <Textarea
      label={label}
      description={description}
      value={value}
      error={error}
      readOnly={context.isReadOnly}
      autosize
      minRows={isLong ? 4 : 1}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
