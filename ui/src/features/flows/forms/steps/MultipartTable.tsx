/** The parts of a form with files: each has a name, and a value or a file. */
import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "../../document";
import { FieldFrame } from "../fields/FieldFrame";
import fieldClasses from "../fields/Fields.module.css";
import { JsonField } from "../fields/JsonField";
import { RowHandle } from "../fields/RowHandle";
import { moved, useRowOrder, type RowOrder } from "../fields/rowOrder";
import { TemplateField } from "../TemplateField";
import type { FormContext } from "../types";
import own from "./Steps.module.css";
import { without } from "./stepFields";

interface MultipartTableProps {
  value: unknown;
  onChange: (parts: unknown) => void;
  context: FormContext;
  error: string | undefined;
}

export function MultipartTable({ value, onChange, context, error }: MultipartTableProps) {
  const { t } = useTranslation("forms");
  const id = useId();
  const label = t("body.parts");
  if (!Array.isArray(value) || !value.every(isFields)) {
    return (
      <JsonField label={label} value={value} onChange={onChange} context={context} error={error} />
    );
  }
  const parts: Fields[] = value;
  return <Parts {...{ id, parts, onChange, context, error }} />;
}

interface PartsProps extends Omit<MultipartTableProps, "value"> {
  id: string;
  parts: Fields[];
}

function Parts({ id, parts, onChange, context, error }: PartsProps) {
  const { t } = useTranslation("forms");
  const { box, order } = useRowOrder({
    count: parts.length,
    nameOf: (at) => text(parts[at]?.name) || t("body.part.row", { number: at + 1 }),
    onMove: (from, to) => onChange(moved(parts, from, to)),
  });
  return (
    <FieldFrame id={id} label={t("body.parts")} description={t("body.partsHint")} error={error}>
      <div className={fieldClasses.pairs} role="group" aria-labelledby={`${id}-label`} ref={box}>
        {parts.map((part, at) => (
          <PartRow
            key={at}
            part={part}
            at={at}
            order={order}
            context={context}
            onChange={(next) => onChange(parts.with(at, next))}
            onRemove={() => onChange(parts.toSpliced(at, 1))}
          />
        ))}
        {!context.isReadOnly && (
          <div className={fieldClasses.foot}>
            <Button
              variant="subtle"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => onChange([...parts, { name: "", value: "" }])}
            >
              {t("body.addPart")}
            </Button>
          </div>
        )}
      </div>
    </FieldFrame>
  );
}

interface PartRowProps {
  part: Fields;
  at: number;
  order: RowOrder;
  context: FormContext;
  onChange: (part: Fields) => void;
  onRemove: () => void;
}

function PartRow({ part, at, order, context, onChange, onRemove }: PartRowProps) {
  const { t } = useTranslation("forms");
  const number = at + 1;
  const row = t("body.part.row", { number });
  const key = part.file === undefined ? "value" : "file";
  const content = part[key] ?? "";
  const label = t(`body.part.${key}`, { number });
  const set = (next: unknown) => onChange({ ...part, [key]: next ?? "" });
  return (
    <div className={own.part} role="group" aria-label={row} {...order.row(at)}>
      {!context.isReadOnly && <RowHandle name={text(part.name) || row} {...order.handle(at)} />}
      <TextInput
        aria-label={t("body.part.name", { number })}
        placeholder={t("pairs.name")}
        value={text(part.name)}
        readOnly={context.isReadOnly}
        onChange={(event) => onChange({ ...part, name: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t("body.part.kind", { number })}
        data={[
          { value: "value", label: t("body.part.isValue") },
          { value: "file", label: t("body.part.isFile") },
        ]}
        value={key}
        disabled={context.isReadOnly}
        onChange={(event) =>
          onChange({ ...without(part, [key]), [event.currentTarget.value]: content })
        }
      />
      <ActionIcon
        aria-label={t("body.part.remove", { number })}
        data-tip={t("body.part.remove", { number })}
        disabled={context.isReadOnly}
        onClick={onRemove}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
      {typeof content === "string" ? (
        <TemplateField
          isCell
          label={label}
          value={content}
          onChange={set}
          place="value"
          context={context}
        />
      ) : (
        <JsonField isCell label={label} value={content} onChange={set} context={context} />
      )}
    </div>
  );
}
