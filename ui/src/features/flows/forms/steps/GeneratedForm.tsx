/** The form of a kind that has none made by hand: from the JSON Schema of the flow document. */
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getFlowSchema } from "@/api/trying";
import { ErrorPanel, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { DurationField } from "../fields/DurationField";
import { JsonField } from "../fields/JsonField";
import { PairsTable } from "../fields/PairsTable";
import type { FormContext, PartFormProps } from "../types";
import { NumberKey } from "./NumberKey";
import { fieldsOfKind, labelOfKey, type SchemaField } from "./schema";
import { stepFields, type StepFields } from "./stepFields";
import { SwitchKey } from "./SwitchKey";
import { TemplateKey } from "./TemplateKey";
import { TextKey } from "./TextKey";

export function GeneratedForm(props: PartFormProps) {
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const schema = useQuery({
    queryKey: ["schema", "flow"],
    queryFn: getFlowSchema,
    staleTime: Infinity,
  });
  if (schema.isPending) return <Loading />;
  if (schema.error) return <ErrorPanel error={schema.error} inline />;
  const kind = text(step.fields.kind);
  const fields = fieldsOfKind(schema.data, kind);
  if (!fields) return <p className="muted">{t("generated.unknown", { kind })}</p>;
  if (fields.length === 0) return <p className="muted">{t("generated.none")}</p>;
  return fields.map((field) => (
    <Field key={field.key} field={field} step={step} context={props.context} />
  ));
}

interface FieldProps {
  field: SchemaField;
  step: StepFields;
  context: FormContext;
}

function Field({ field, step, context }: FieldProps) {
  const { t } = useTranslation("forms");
  const { key, kind, choices, isDefault, isRequired } = field;
  const label = labelOfKey(key);
  const description = field.description || undefined;
  const common = { label, description, context };
  const value = step.fields[key];
  const error = step.wrong(key);
  const set = (next: unknown) => step.set(key, next);
  switch (kind) {
    case "template":
      return (
        <TemplateKey {...common} step={step} name={key} place="value" isOptional={!isRequired} />
      );
    case "name":
      return <TextKey {...common} step={step} name={key} />;
    case "switch":
      return <SwitchKey {...common} step={step} name={key} isDefault={isDefault} />;
    case "number":
      return <NumberKey {...common} step={step} name={key} hint={t("llm.numberBad")} />;
    case "duration":
      return <DurationField {...common} value={value} onChange={set} error={error} />;
    case "headers":
      return (
        <PairsTable
          {...common}
          kind="headers"
          place="header"
          value={value}
          onChange={set}
          error={error}
        />
      );
    case "choice":
      return (
        <NativeSelect
          label={label}
          description={description}
          data={[
            "",
            ...(value === undefined || choices.includes(text(value))
              ? choices
              : [text(value), ...choices]),
          ]}
          value={text(value)}
          error={error}
          disabled={context.isReadOnly}
          onChange={(event) => set(event.currentTarget.value || undefined)}
        />
      );
    case "json":
      return <JsonField {...common} value={value} onChange={set} error={error} />;
  }
}
