/** A part as it stands in the document: everything can be changed here, also what has no field. */
import { useTranslation } from "@/i18n";
import type { PartFormProps } from "../types";
import { JsonField } from "./JsonField";

export default function JsonForm({ fields, onChange, context }: PartFormProps) {
  const { t } = useTranslation("editor");
  return (
    <JsonField
      label={t("form.json")}
      description={t("form.jsonHint")}
      notObject={t("form.jsonObject")}
      value={fields}
      readOnly={context.isReadOnly}
      minRows={12}
      onChange={(next) => {
        if (next !== undefined) onChange({ fields: next, merge: "json" });
      }}
    />
  );
}
