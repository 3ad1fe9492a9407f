/** The form of an output: whose data it is. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { partsOf, text } from "../../document";
import type { PartFormProps } from "../types";
import { problemAt } from "./problems";

export default function OutputForm({ fields, onChange, problems, context }: PartFormProps) {
  const { t } = useTranslation("editor");
  const steps = partsOf(context.document).steps.map(({ name }) => name);
  const current = text(fields.step);
  const isMissing = !steps.includes(current);
  return (
    <NativeSelect
      label={t("form.outputStep")}
      description={t("form.outputHint")}
      value={current}
      disabled={context.isReadOnly}
      error={problemAt(problems, context.place, "step")}
      onChange={(event) => onChange({ fields: { ...fields, step: event.currentTarget.value } })}
    >
      {isMissing && (
        <option value={current}>{t("form.outputMissing", { name: current || "–" })}</option>
      )}
      {steps.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}
