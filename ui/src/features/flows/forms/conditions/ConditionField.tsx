/**
 * A condition, as rows that are chosen and filled in, or as the text that they stand for. Both write the same expression.
 * One that rows cannot say stays text.
 */
import { SegmentedControl } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "@/i18n";
import { usePreview } from "../code/usePreview";
import { FieldFrame } from "../fields/FieldFrame";
import { TemplateField } from "../TemplateField";
import { TemplateResult } from "../TemplateResult";
import type { FormContext } from "../types";
import { ConditionGroup } from "./ConditionGroup";
import forms from "../Forms.module.css";
import own from "./Conditions.module.css";
import type { Group } from "./model";
import { hasMistake, printCondition } from "./print";
import { readCondition } from "./read";

interface ConditionFieldProps {
  label: string;
  description?: string | undefined;
  /** Its text in the document: one expression in braces. */
  value: string;
  onChange: (value: string) => void;
  context: FormContext;
  error?: string | undefined;
  /** Its label is only read aloud. */
  isLabelHidden?: boolean;
}

export function ConditionField(props: ConditionFieldProps) {
  const { label, value, onChange, context } = props;
  const { t } = useTranslation("forms");
  const [kept, setKept] = useState(() => ({ condition: readCondition(value), of: value }));
  let { condition } = kept;
  if (kept.of !== value) {
    condition = readCondition(value);
    setKept({ condition, of: value });
  }
  const [isText, setText] = useState(condition === null);
  const shown = isText ? null : condition;

  function change(next: Group) {
    // Rows that are wrong in themselves are not handed on: the document keeps what it had.
    const printed = hasMistake(next) ? value : printCondition(next);
    setKept({ condition: next, of: printed });
    if (printed !== value) onChange(printed);
  }

  const ways = (
    <SegmentedControl
      size="xs"
      aria-label={t("rows.way", { label })}
      disabled={context.isReadOnly}
      data={[
        { value: "rows", label: t("rows.rows"), disabled: condition === null },
        { value: "text", label: t("rows.text") },
      ]}
      value={shown ? "rows" : "text"}
      onChange={(way) => setText(way === "text")}
    />
  );
  if (shown) return <Rows {...props} aside={ways} condition={shown} onRows={change} />;
  return (
    <div className={own.asText}>
      <div className={own.ways}>{ways}</div>
      <TemplateField
        label={label}
        description={condition === null ? t("rows.onlyText") : props.description}
        value={value}
        onChange={onChange}
        place="value"
        context={context}
        error={props.error}
      />
    </div>
  );
}

interface RowsProps extends ConditionFieldProps {
  aside: React.ReactNode;
  condition: Group;
  onRows: (condition: Group) => void;
}

function Rows(props: RowsProps) {
  const { label, description, value, onChange, context, error, isLabelHidden } = props;
  const { aside, condition, onRows } = props;
  const id = useId();
  const result = usePreview({ text: value, kind: "value", context, isWanted: true });
  return (
    <FieldFrame
      id={id}
      label={label}
      isLabelHidden={isLabelHidden}
      description={description}
      error={error}
      aside={aside}
    >
      {isLabelHidden && <div className={own.ways}>{aside}</div>}
      <ConditionGroup
        label={label}
        group={condition}
        depth={0}
        onChange={onRows}
        context={context}
      />
      <div id={`${id}-result`} aria-live="polite" className={forms.room}>
        {result && (
          <TemplateResult
            shown={result}
            isLong={false}
            isOneLine
            isSame={result.of === value}
            onFix={onChange}
          />
        )}
      </div>
    </FieldFrame>
  );
}
