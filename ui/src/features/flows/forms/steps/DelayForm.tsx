/** A wait: for a time, for a computed time, or until a time. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { DurationField } from "../fields/DurationField";
import type { PartFormProps } from "../types";
import { stepFields, without } from "./stepFields";
import { TemplateKey } from "./TemplateKey";

const DELAY_MS_MAX = 366 * 24 * 60 * 60 * 1000;
const FIRST_MS = 60_000;

export function DelayForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const { fields } = step;
  const way = wayOf();

  function wayOf(): "for" | "computed" | "until" {
    if (fields.until !== undefined && fields.for_ms === undefined) return "until";
    return typeof fields.for_ms === "string" ? "computed" : "for";
  }

  function choose(next: string) {
    const rest = without(fields, ["for_ms", "until"]);
    if (next === "for") step.setAll({ ...rest, for_ms: FIRST_MS });
    if (next === "computed") step.setAll({ ...rest, for_ms: `{{${String(FIRST_MS)}}}` });
    if (next === "until") step.setAll({ ...rest, until: "" });
  }

  return (
    <>
      <SegmentedControl
        aria-label={t("delay.way")}
        data={[
          { value: "for", label: t("delay.for") },
          { value: "computed", label: t("delay.computed") },
          { value: "until", label: t("delay.until") },
        ]}
        value={way}
        disabled={context.isReadOnly}
        onChange={(next) => next !== way && choose(next)}
      />
      {way === "for" && (
        <DurationField
          label={t("delay.duration")}
          description={t("delay.durationHint")}
          value={fields.for_ms}
          onChange={(ms) => step.set("for_ms", ms)}
          context={context}
          maxMs={DELAY_MS_MAX}
          error={step.wrong("for_ms")}
        />
      )}
      {way === "computed" && (
        <TemplateKey
          step={step}
          name="for_ms"
          label={t("delay.milliseconds")}
          description={t("delay.millisecondsHint")}
          place="value"
          context={context}
        />
      )}
      {way === "until" && (
        <TemplateKey
          step={step}
          name="until"
          label={t("delay.until")}
          description={t("delay.untilHint")}
          place="value"
          context={context}
        />
      )}
    </>
  );
}
