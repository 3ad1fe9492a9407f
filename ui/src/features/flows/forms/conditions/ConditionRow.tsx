/** One row of a condition: a value, what is said of it, and what it is compared with. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../types";
import own from "./Conditions.module.css";
import { ExpressionInput } from "./ExpressionInput";
import { kindsOf, OPERATORS, withOperator, type Operator, type Row } from "./model";
import { mistakeIn } from "./print";
import { ValueInput } from "./ValueInput";

interface ConditionRowProps {
  row: Row;
  number: number;
  onChange: (row: Row) => void;
  context: FormContext;
}

export function ConditionRow({ row, number, onChange, context }: ConditionRowProps) {
  const { t } = useTranslation("forms");
  const mistake = mistakeIn(row);
  const kinds = kindsOf(row.operator);
  const isWaiting = row.left.trim() === "" && row.right !== null && hasText(row);
  return (
    <div className={own.row}>
      <ExpressionInput
        label={t("rows.left", { number })}
        placeholder={t("rows.leftHint")}
        value={row.left}
        onChange={(left) => onChange({ ...row, left })}
        isWrong={mistake === "left"}
        context={context}
      />
      <div className={own.compare}>
        <NativeSelect
          aria-label={t("rows.operator", { number })}
          data={OPERATORS.map((value) => ({ value, label: t(`rows.is.${value}`) }))}
          value={row.operator}
          disabled={context.isReadOnly}
          onChange={(event) => onChange(withOperator(row, event.currentTarget.value as Operator))}
        />
        {row.right && kinds.length > 0 && (
          <ValueInput
            number={number}
            kinds={kinds}
            value={row.right}
            onChange={(right) => onChange({ ...row, right })}
            isWrong={mistake !== null && mistake !== "left"}
            context={context}
          />
        )}
      </div>
      {(mistake || isWaiting) && (
        <p className={own.note} role="alert">
          {t(`rows.mistake.${mistake ?? "empty"}`)}
        </p>
      )}
    </div>
  );
}

function hasText({ right }: Row): boolean {
  if (!right) return false;
  return "text" in right ? right.text !== "" : "items" in right && right.items.length > 0;
}
