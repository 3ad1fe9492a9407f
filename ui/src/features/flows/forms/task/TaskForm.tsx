/** The settings of a webhook task, with the message that comes of them as one types. */
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../common/Common.module.css";
import { ChoiceField, SecretField, SwitchField } from "../common/fields";
import { given, slotOf, type Slot } from "../common/slot";
import { PairsTable } from "../fields/PairsTable";
import { bodyPlace } from "../steps/body";
import { SchemeField } from "../signing/SchemeField";
import { TemplateField } from "../TemplateField";
import type { PartFormProps } from "../types";
import { CurlPaste } from "./CurlPaste";
import { ObjectField } from "./ObjectField";
import { ReceiverCode } from "./ReceiverCode";
import { EVENTS, TASK_METHODS, withBody } from "./task";
import { TaskFolds } from "./TaskFolds";
import { TaskPreview } from "./TaskPreview";

export function TaskForm(props: PartFormProps) {
  const { t } = useTranslation(["ways", "deliveries"]);
  const slot = slotOf(props);
  const { context } = props;
  const method = text(slot.fields.method) || "POST";
  return (
    <div className={classes.form}>
      {!context.isReadOnly && <CurlPaste slot={slot} />}
      <ChoiceField
        slot={slot}
        name="event"
        label={t("ways:task.event")}
        options={EVENTS.map((value) => ({ value, label: t(`deliveries:event.${value}`) }))}
      />
      <ObjectField slot={slot} />
      <h3 className={classes.head}>{t("ways:task.message")}</h3>
      <ChoiceField
        slot={slot}
        name="method"
        label={t("ways:task.method")}
        options={TASK_METHODS}
        usual="POST"
      />
      <TemplateField
        label={t("ways:task.url")}
        value={text(slot.fields.url)}
        onChange={(value) => slot.set("url", value)}
        place="url"
        context={context}
        error={slot.error("url")}
      />
      <PairsTable
        label={t("ways:task.headers")}
        value={slot.fields.headers}
        onChange={(value) => slot.set("headers", value)}
        kind="headers"
        place="header"
        context={context}
        error={slot.error("headers")}
      />
      <BodyField slot={slot} method={method} />
      <h3 className={classes.head}>{t("ways:task.signing")}</h3>
      <SecretField
        slot={slot}
        name="secret"
        label={t("ways:task.secret")}
        description={t("ways:task.secretHint")}
        suggestion="webhook_signing"
        noneLabel={t("ways:task.unsigned")}
      />
      {text(slot.fields.secret) !== "" && <SchemeField slot={slot} hasUsual />}
      <TaskFolds slot={slot} problems={props.problems} />
      <SwitchField
        slot={slot}
        name="enabled"
        label={t("ways:task.enabled")}
        description={t("ways:task.enabledHint")}
        usual={true}
      />
      <TaskPreview slot={slot} />
      <ReceiverCode scheme={slot.fields.scheme} isSigned={text(slot.fields.secret) !== ""} />
    </div>
  );
}

function BodyField({ slot, method }: { slot: Slot; method: string }) {
  const { t } = useTranslation("ways");
  const body = text(slot.fields.body);
  // A body that this method has not is shown until it is taken out.
  if (!withBody(method) && body === "") {
    return <p className={classes.hint}>{t("task.noBody", { method })}</p>;
  }
  return (
    <TemplateField
      label={t("task.body")}
      description={t("task.bodyHint", { expressions: "{{ expressions }}" })}
      value={body}
      onChange={(value) => slot.set("body", given(value))}
      place={bodyPlace(slot.fields)}
      context={slot.context}
      error={slot.error("body")}
      isLong
    />
  );
}
