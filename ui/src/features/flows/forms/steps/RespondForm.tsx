/** The answer to the caller who waits for a job. */
import { useTranslation } from "@/i18n";
import { PairsTable } from "../fields/PairsTable";
import { TemplateField } from "../TemplateField";
import type { PartFormProps } from "../types";
import { BodyField } from "./BodyField";
import { stepFields } from "./stepFields";

export function RespondForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const { fields, set, wrong } = step;
  const { status } = fields;
  return (
    <>
      <TemplateField
        label={t("respond.status")}
        description={t("respond.statusHint")}
        value={
          status === undefined ? "" : typeof status === "string" ? status : JSON.stringify(status)
        }
        onChange={(text) => set("status", statusOf(text))}
        place="value"
        context={context}
        error={wrong("status")}
      />
      <PairsTable
        label={t("http.headers")}
        kind="headers"
        place="header"
        value={fields.headers}
        onChange={(headers) => set("headers", headers)}
        context={context}
        error={wrong("headers")}
      />
      <BodyField step={step} context={context} isAnswer />
    </>
  );
}

/** A number, or the text of an expression that gives it; nothing is the default, 200. */
function statusOf(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : text;
}
