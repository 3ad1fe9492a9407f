/** The body of a request or an answer, by its form. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { JsonField } from "../fields/JsonField";
import { PairsTable } from "../fields/PairsTable";
import { TemplateField } from "../TemplateField";
import type { FormContext } from "../types";
import { bodyPlace, bodyTypeOf, contentTypeOf, withBodyType, type BodyType } from "./body";
import { formBody, formRows } from "./formBody";
import { MultipartTable } from "./MultipartTable";
import type { StepFields } from "./stepFields";
import { TemplateKey } from "./TemplateKey";

interface BodyFieldProps {
  step: StepFields;
  context: FormContext;
  /** An answer has no parts, and may be JSON that is written out. */
  isAnswer: boolean;
}

const OF_REQUEST: BodyType[] = ["none", "json", "text", "form", "xml", "multipart", "file"];
const OF_ANSWER: BodyType[] = ["none", "json", "value", "text", "xml", "file"];

export function BodyField({ step, context, isAnswer }: BodyFieldProps) {
  const { t } = useTranslation("forms");
  const type = bodyTypeOf(step.fields);
  const usual = isAnswer ? OF_ANSWER : OF_REQUEST;
  const types = usual.includes(type) ? usual : [...usual, type];
  return (
    <>
      <NativeSelect
        label={t("body.type")}
        data={types.map((value) => ({ value, label: t(`body.${value}`) }))}
        value={type}
        disabled={context.isReadOnly}
        onChange={(event) =>
          step.setAll(withBodyType(step.fields, event.currentTarget.value as BodyType))
        }
      />
      <Content step={step} context={context} type={type} />
    </>
  );
}

function Content({ step, context, type }: { type: BodyType } & Omit<BodyFieldProps, "isAnswer">) {
  const { t } = useTranslation("forms");
  const { fields, set, wrong } = step;
  const rows = type === "form" ? formRows(text(fields.body)) : null;
  if (type === "none") return null;
  if (type === "multipart") {
    return (
      <MultipartTable
        value={fields.multipart}
        onChange={(parts) => set("multipart", parts)}
        context={context}
        error={wrong("multipart")}
      />
    );
  }
  if (type === "file") {
    return (
      <TemplateKey
        step={step}
        name="body_file"
        label={t("body.fileLabel")}
        description={t("body.fileHint")}
        place="value"
        context={context}
      />
    );
  }
  if (type === "value") {
    return (
      <JsonField
        label={t("body.label")}
        description={t("body.valueHint")}
        value={fields.body}
        onChange={(body) => set("body", body ?? null)}
        context={context}
        error={wrong("body")}
      />
    );
  }
  if (rows) {
    return (
      <PairsTable
        label={t("body.fields")}
        kind="query"
        place="form"
        value={rows}
        onChange={(next) => set("body", formBody(next ?? {}))}
        context={context}
        error={wrong("body")}
      />
    );
  }
  return (
    <TemplateField
      label={t("body.label")}
      description={type === "text" ? contentTypeOf(fields) || t("body.noType") : t("body.escaped")}
      value={text(fields.body)}
      onChange={(body) => set("body", body)}
      place={bodyPlace(fields)}
      context={context}
      error={wrong("body")}
      isLong
    />
  );
}
