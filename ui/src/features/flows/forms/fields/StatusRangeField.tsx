/** Which HTTP statuses count, as ranges; the usual choices are one click away. */
import { Autocomplete } from "@mantine/core";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../types";
import { isStatusRanges } from "./statuses";

const USUAL = ["200-299", "200-299,404", "200-399", "100-599"];

export interface StatusRangeFieldProps {
  label: string;
  description?: string | undefined;
  value: unknown;
  /** Undefined: nothing is set, and the default holds. */
  onChange: (ranges: string | undefined) => void;
  context: FormContext;
  error?: string | undefined;
}

export function StatusRangeField(props: StatusRangeFieldProps) {
  const { label, description, value, onChange, context, error } = props;
  const { t } = useTranslation("forms");
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return (
    <Autocomplete
      size="xs"
      label={label}
      description={description}
      data={USUAL}
      // All of them are offered, whatever is written.
      filter={({ options }) => options}
      value={text}
      placeholder={USUAL[0] ?? ""}
      error={text !== "" && !isStatusRanges(text) ? t("statuses.bad") : error}
      readOnly={context.isReadOnly}
      onChange={(entered) => onChange(entered.trim() === "" ? undefined : entered)}
      comboboxProps={{ withinPortal: false, transitionProps: { duration: 120 } }}
      spellCheck={false}
    />
  );
}
