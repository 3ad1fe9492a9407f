/** A value whose type counts, such as what a switch compares with: the text `1` is not the number 1. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import { isNumber } from "../conditions/model";
import { TemplateField } from "../TemplateField";
import type { FormContext, TemplatePlace } from "../types";
import own from "./Fields.module.css";
import { JsonField } from "./JsonField";
import { KindSelect } from "./KindSelect";
import { typedAs, typeOf, TYPES } from "./typedValues";

interface TypedValueProps {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  place: TemplatePlace;
  context: FormContext;
}

export function TypedValue(props: TypedValueProps) {
  const { label, value, onChange, place, context } = props;
  const { t } = useTranslation("forms");
  const type = typeOf(value);
  const common = { label, context, onChange };
  return (
    <div className={own.typed}>
      <KindSelect
        label={t("typed.typeOf", { label })}
        options={TYPES.map((each) => ({ value: each, label: t(`typed.${each}`) }))}
        value={type}
        onChange={(next) => onChange(typedAs(value, next))}
        isReadOnly={context.isReadOnly}
      />
      {(type === "true" || type === "false" || type === "null") && (
        <span className={own.word}>{t(`typed.${type}`)}</span>
      )}
      {type === "text" && (
        <TemplateField isCell {...common} value={value as string} place={place} />
      )}
      {type === "number" && <NumberInput {...common} value={value as number} />}
      {type === "json" && <JsonField isCell {...common} value={value} />}
    </div>
  );
}

interface NumberInputProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
  context: FormContext;
}

/** What is typed and is no number yet waits here. */
function NumberInput({ label, value, onChange, context }: NumberInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isTyped = typed !== null && (!isNumber(typed) || Number(typed) === value);
  return (
    <TextInput
      aria-label={label}
      value={isTyped ? typed : String(value)}
      error={isTyped && !isNumber(typed)}
      readOnly={context.isReadOnly}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value.trim();
        setTyped(next);
        if (isNumber(next)) onChange(Number(next));
      }}
      onBlur={() => setTyped(null)}
      inputMode="decimal"
      autoComplete="off"
    />
  );
}
