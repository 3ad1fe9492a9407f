/** The form of a step, by its kind. What no form knows stays in the document: the JSON of the part shows it. */
import type { ComponentType } from "react";
import { text } from "../../document";
import classes from "../Forms.module.css";
import type { PartFormProps } from "../types";
import { DelayForm } from "./DelayForm";
import { GeneratedForm } from "./GeneratedForm";
import { HttpForm } from "./HttpForm";
import { LlmForm } from "./LlmForm";
import { RemoteForm } from "./RemoteForm";
import { RespondForm } from "./RespondForm";
import { ScriptForm } from "./ScriptForm";
import { ConditionForm, FailForm, SetForm } from "./SmallForms";
import { SwitchForm } from "./SwitchForm";

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
  const kind = text(props.fields.kind);
  const Form = FORMS[kind] ?? GeneratedForm;
  return (
    <div className={classes.form}>
      <Form key={`${props.context.place} ${kind}`} {...props} />
    </div>
  );
}

export default StepForm;
