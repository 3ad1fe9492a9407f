/** A name of the job's data, or an expression over them, without braces; names are offered with their last values. */
import { Autocomplete } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { fits } from "../code/templateCompletion";
import { useNames } from "../code/useNames";
import type { FormContext } from "../types";
import own from "./Conditions.module.css";

const OFFERED_MAX = 60;

interface ExpressionInputProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  isWrong: boolean;
  context: FormContext;
}

export function ExpressionInput(props: ExpressionInputProps) {
  const { label, placeholder, value, onChange, isWrong, context } = props;
  const { t } = useTranslation("forms");
  const names = useNames(context.flow, context.place)?.names ?? [];
  const samples = new Map(names.map((name) => [name.expression, name]));
  return (
    <Autocomplete
      className={own.mono}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(typed) => onChange(withoutBraces(typed))}
      data={[...samples.keys()]}
      filter={({ options, search, limit }) =>
        options
          .filter((option) => !("items" in option) && fits(option.value, search))
          .slice(0, limit)
      }
      limit={OFFERED_MAX}
      renderOption={({ option }) => {
        const name = samples.get(option.value);
        return (
          <span className={own.option}>
            <span className="mono">{option.value}</span>
            <span className="faint truncate">
              {name?.sample ?? (name?.type ? t(`type.${name.type as "text"}`) : "")}
            </span>
          </span>
        );
      }}
      comboboxProps={{ width: 340, position: "bottom-start" }}
      readOnly={context.isReadOnly}
      error={isWrong}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

/** Whoever pastes `{{ name }}` means the name. */
function withoutBraces(typed: string): string {
  const inside = /^\s*\{\{([\s\S]*)\}\}\s*$/.exec(typed)?.[1];
  return inside === undefined ? typed : inside.trim();
}
