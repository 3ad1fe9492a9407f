/** The forms of steps with few fields: `set`, `condition`, `switch`, `fail`. */
import { useTranslation } from "@/i18n";
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
  const { t } = useTranslation("forms");
  return (
    <TemplateKey
      step={stepFields(props)}
      name="expression"
      label={t("condition.expression")}
      description={t("condition.hint")}
      place="value"
      context={props.context}
    />
  );
}

export function SwitchForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  return (
    <>
      <TemplateKey
        step={step}
        name="expression"
        label={t("switch.expression")}
        description={t("switch.expressionHint")}
        place="value"
        context={context}
      />
      <PairsTable
        label={t("switch.cases")}
        description={t("switch.casesHint")}
        nameWord={t("switch.exitCode")}
        kind="query"
        place="value"
        value={step.fields.cases}
        onChange={(cases) => step.set("cases", cases ?? {})}
        context={context}
        error={step.wrong("cases")}
      />
      <TextKey
        step={step}
        name="default"
        label={t("switch.default")}
        description={t("switch.defaultHint")}
        context={context}
      />
    </>
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
