/** The form of a step, by its kind; and the step as JSON, which can hold whatever a form does not know. */
import { SegmentedControl } from "@mantine/core";
import { useState, type ComponentType } from "react";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "../../document";
import { JsonField } from "../fields/JsonField";
import classes from "../Forms.module.css";
import type { PartFormProps } from "../types";
import { DelayForm } from "./DelayForm";
import { GeneratedForm } from "./GeneratedForm";
import { HttpForm } from "./HttpForm";
import { LlmForm } from "./LlmForm";
import { RemoteForm } from "./RemoteForm";
import { RespondForm } from "./RespondForm";
import { ScriptForm } from "./ScriptForm";
import { ConditionForm, FailForm, SetForm, SwitchForm } from "./SmallForms";

const FORMS: Record<string, ComponentType<PartFormProps>> = {
  http: HttpForm,
  script: ScriptForm,
  set: SetForm,
  condition: ConditionForm,
  switch: SwitchForm,
  fail: FailForm,
  respond: RespondForm,
  remote: RemoteForm,
  llm: LlmForm,
  delay: DelayForm,
};

export function StepForm(props: PartFormProps) {
  const { fields, onChange, context } = props;
  const { t } = useTranslation("forms");
  const [way, setWay] = useState("form");
  const Form = FORMS[text(fields.kind)] ?? GeneratedForm;
  return (
    <div className={classes.form}>
      <SegmentedControl
        className={classes.ways}
        aria-label={t("way.label")}
        data={[
          { value: "form", label: t("way.form") },
          { value: "json", label: t("way.json") },
        ]}
        value={way}
        onChange={setWay}
      />
      {way === "form" ? (
        <Form key={`${context.place} ${text(fields.kind)}`} {...props} />
      ) : (
        <JsonField
          label={t("way.jsonLabel")}
          description={t("way.jsonHint")}
          value={fields}
          check={(value) => (isFields(value) ? undefined : t("way.jsonBad"))}
          onChange={(next) =>
            isFields(next) && onChange({ fields: next as Fields, merge: `${context.place}#json` })
          }
          context={context}
        />
      )}
    </div>
  );
}

export default StepForm;
