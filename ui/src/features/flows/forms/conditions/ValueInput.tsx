/** What a row compares with: a text, a number, a name of the job's data, or several at once. */
import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import { KindSelect } from "../fields/KindSelect";
import type { FormContext } from "../types";
import own from "./Conditions.module.css";
import { ExpressionInput } from "./ExpressionInput";
import { valueAs, type Value, type ValueKind } from "./model";

interface ValueInputProps {
  /** Of the row. */
  number: number;
  kinds: readonly ValueKind[];
  value: Value;
  onChange: (value: Value) => void;
  isWrong: boolean;
  context: FormContext;
}

export function ValueInput(props: ValueInputProps) {
  const { number, kinds, value, onChange, context } = props;
  const { t } = useTranslation("forms");
  return (
    <div className={own.against}>
      <KindSelect
        label={t("rows.kindOf", { number })}
        options={kinds.map((kind) => ({ value: kind, label: t(`rows.kind.${kind}`) }))}
        value={value.kind}
        onChange={(kind) => onChange(valueAs(value, kind))}
        isReadOnly={context.isReadOnly}
      />
      <Content {...props} />
    </div>
  );
}

function Content({ number, value, onChange, isWrong, context }: ValueInputProps) {
  const { t } = useTranslation("forms");
  const label = t("rows.right", { number });
  if ("items" in value) {
    return (
      <LinesInput
        label={label}
        placeholder={t("rows.linesHint")}
        items={value.items}
        onChange={(items) => onChange({ ...value, items })}
        isWrong={isWrong}
        isReadOnly={context.isReadOnly}
      />
    );
  }
  if (!("text" in value)) return <span className={own.word}>{t(`rows.kind.${value.kind}`)}</span>;
  if (value.kind === "expression") {
    return (
      <ExpressionInput
        label={label}
        placeholder={t("rows.leftHint")}
        value={value.text}
        onChange={(text) => onChange({ ...value, text })}
        isWrong={isWrong}
        context={context}
      />
    );
  }
  return (
    <TextInput
      className={own.mono}
      aria-label={label}
      placeholder={t(value.kind === "number" ? "rows.numberHint" : "rows.textHint")}
      value={value.text}
      readOnly={context.isReadOnly}
      error={isWrong}
      inputMode={value.kind === "number" ? "decimal" : "text"}
      onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

interface LinesInputProps {
  label: string;
  placeholder: string;
  items: string[];
  onChange: (items: string[]) => void;
  isWrong: boolean;
  isReadOnly: boolean;
}

/** One a line. What is typed may have an empty line that the list has not. */
function LinesInput({ label, placeholder, items, onChange, isWrong, isReadOnly }: LinesInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const kept = items.join("\n");
  return (
    <Textarea
      className={own.mono}
      aria-label={label}
      placeholder={placeholder}
      value={typed !== null && linesOf(typed).join("\n") === kept ? typed : kept}
      error={isWrong}
      readOnly={isReadOnly}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(linesOf(currentTarget.value));
      }}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
    />
  );
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
