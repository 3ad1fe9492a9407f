/** The form of a `switch`: the cases of one value, or conditions of which the first that holds counts. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { PairsTable } from "../fields/PairsTable";
import type { PartFormProps } from "../types";
import { stepFields } from "./stepFields";
import { asConditions, asValues, waysOf, type SwitchWay } from "./switchWays";
import { TemplateKey } from "./TemplateKey";
import { TextKey } from "./TextKey";

export function SwitchForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const way = waysOf(step.fields);
  return (
    <>
      <NativeSelect
        label={t("switch.way")}
        data={[
          { value: "value", label: t("switch.byValue") },
          { value: "conditions", label: t("switch.byConditions") },
        ]}
        value={way}
        disabled={context.isReadOnly}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value as SwitchWay;
          step.setAll(next === "conditions" ? asConditions(step.fields) : asValues(step.fields));
        }}
      />
      {way === "value" && (
        <TemplateKey
          step={step}
          name="expression"
          label={t("switch.expression")}
          description={t("switch.expressionHint")}
          place="value"
          context={context}
        />
      )}
      <PairsTable
        label={t(way === "value" ? "switch.cases" : "switch.conditions")}
        description={t(way === "value" ? "switch.casesHint" : "switch.conditionsHint")}
        nameWord={t("switch.exitCode")}
        kind="query"
        values={way === "value" ? "typed" : "condition"}
        isOrdered
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
