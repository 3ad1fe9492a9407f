/** The settings of a schedule: when it begins jobs, on whose clocks, and with what. */
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "@/i18n";
import { partsOf, text } from "../../document";
import classes from "../common/Common.module.css";
import { ChecksField, ChoiceField, SwitchField } from "../common/fields";
import { slotOf, type Slot } from "../common/slot";
import { JsonField } from "../fields/JsonField";
import type { PartFormProps } from "../types";
import { CronField } from "./CronField";

const MISSED = ["skip", "run_once"] as const;

export function ScheduleForm(props: PartFormProps) {
  const { t } = useTranslation("ways");
  const slot = slotOf(props);
  const outputs = partsOf(props.context.document)
    .outputs.map(({ name }) => name)
    .filter((name) => name !== "");
  return (
    <div className={classes.form}>
      <CronField slot={slot} />
      <ZoneField slot={slot} />
      <ChoiceField
        slot={slot}
        name="missed"
        label={t("schedule.missed")}
        description={t("schedule.missedHint")}
        options={MISSED.map((value) => ({ value, label: t(`schedule.missedKind.${value}`) }))}
        usual="skip"
      />
      <JsonField
        label={t("schedule.input")}
        description={t("schedule.inputHint")}
        value={slot.fields.input}
        onChange={(value) => slot.set("input", value)}
        context={props.context}
        error={slot.error("input")}
      />
      {outputs.length > 0 && (
        <ChecksField
          slot={slot}
          name="outputs"
          label={t("schedule.outputs")}
          description={t("schedule.outputsHint")}
          options={outputs.map((value) => ({ value, label: value }))}
        />
      )}
      <SwitchField
        slot={slot}
        name="enabled"
        label={t("schedule.enabled")}
        description={t("schedule.enabledHint")}
        usual={true}
      />
    </div>
  );
}

/** A list of hundreds is drawn as far as somebody has typed. */
const SHOWN_MAX = 60;

function ZoneField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = text(slot.fields.time_zone) || "UTC";
  const zones = useMemo(
    () => [...new Set(["UTC", own, zone, ...Intl.supportedValuesOf("timeZone")])],
    [own, zone],
  );
  return (
    <Select
      label={t("schedule.time_zone")}
      description={t("schedule.zoneHint", { zone: own })}
      data={zones}
      value={zone}
      onChange={(next) => slot.set("time_zone", next === "UTC" || next === null ? undefined : next)}
      searchable
      allowDeselect={false}
      limit={SHOWN_MAX}
      readOnly={slot.context.isReadOnly}
      error={slot.error("time_zone")}
      nothingFoundMessage={t("schedule.noZone")}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
