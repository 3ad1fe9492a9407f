/** The forms of steps with few fields: `set`, `condition`, `fail`. */
import { useTranslation } from "@/i18n";
import { ConditionField } from "../conditions/ConditionField";
import { JsonField } from "../fields/JsonField";
import { PairsTable } from "../fields/PairsTable";
import type { PartFormProps } from "../types";
import { stepFields } from "./stepFields";
import { TemplateKey } from "./TemplateKey";
import { TextKey } from "./TextKey";

export function SetForm(props: PartFormProps) {
  const { t } = useTranslation("forms");
  const { fields, set, wrong } = stepFields(props);
  return (
    <PairsTable
      label={t("set.values")}
      description={t("set.valuesHint")}
      kind="values"
      place="value"
      value={fields.values}
      onChange={(values) => set("values", values ?? {})}
      context={props.context}
      error={wrong("values")}
    />
  );
}

export function ConditionForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const { expression = "" } = step.fields;
  const common = { label: t("condition.expression"), context, error: step.wrong("expression") };
  if (typeof expression !== "string") {
    return (
      <JsonField {...common} value={expression} onChange={(next) => step.set("expression", next)} />
    );
  }
  return (
    <ConditionField
      {...common}
      description={t("condition.hint")}
      value={expression}
      onChange={(next) => step.set("expression", next)}
    />
  );
}

export function FailForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  return (
    <>
      <TemplateKey
        step={step}
        name="message"
        label={t("fail.message")}
        description={t("fail.messageHint")}
        place="text"
        context={context}
        isLong
      />
      <TextKey
        step={step}
        name="exit_code"
        label={t("switch.exitCode")}
        description={t("fail.exitCodeHint")}
        placeholder="error"
        context={context}
      />
    </>
  );
}
