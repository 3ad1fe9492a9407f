/** The filters that several lists have. */
import { Select } from "@mantine/core";
import { useFlows } from "@/api";
import type { StatusName } from "@/design/status";
import { useTranslation } from "@/i18n";
import classes from "./lists.module.css";

interface FilterProps<Value extends string> {
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}

interface StatusFilterProps<Value extends StatusName> extends FilterProps<Value> {
  statuses: readonly Value[];
}

export function StatusFilter<Value extends StatusName>(props: StatusFilterProps<Value>) {
  const { statuses, value, onChange } = props;
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t("filter.status")}
      placeholder={t("filter.anyStatus")}
      data={statuses.map((each) => ({ value: each, label: t(`status.${each}`) }))}
      value={value ?? null}
      onChange={(chosen) => onChange(statuses.find((each) => each === chosen))}
      clearable
      className={classes.filter}
    />
  );
}

export function FlowFilter({ value, onChange }: FilterProps<string>) {
  const { t } = useTranslation();
  const flows = useFlows().data?.items ?? [];
  const known = flows.map(({ name, title }) => ({ value: name, label: title || name }));
  // A flow that was deleted has a history still, and an address may name it.
  const isKnown = value === undefined || flows.some(({ name }) => name === value);
  return (
    <Select
      aria-label={t("filter.flow")}
      placeholder={t("filter.anyFlow")}
      data={isKnown ? known : [...known, { value, label: value }]}
      value={value ?? null}
      onChange={(flow) => onChange(flow ?? undefined)}
      clearable
      searchable
      className={classes.filter}
    />
  );
}
