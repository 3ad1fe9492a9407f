/** One row of a table of names and values. */
import { ActionIcon, Menu, TextInput } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconBraces,
  IconDotsVertical,
  IconLetterT,
  IconTrash,
} from "@tabler/icons-react";
import type { ClipboardEvent } from "react";
import { useTranslation } from "@/i18n";
import { ConditionField } from "../conditions/ConditionField";
import { TemplateField } from "../TemplateField";
import type { FormContext, TemplatePlace } from "../types";
import own from "./Fields.module.css";
import { JsonField } from "./JsonField";
import { parsePairs, type Pair, type PairMistake, type PairsKind } from "./pairs";
import { RowHandle } from "./RowHandle";
import type { RowOrder } from "./rowOrder";
import { TypedValue } from "./TypedValue";

/** A text with expressions, or JSON; one of these with its type chosen; or a condition below its name. */
export type PairValues = "template" | "typed" | "condition";

interface PairRowProps {
  row: Pair;
  at: number;
  count: number;
  /** Of the table. */
  label: string;
  nameWord: string;
  kind: PairsKind;
  values: PairValues;
  place: TemplatePlace;
  context: FormContext;
  mistake: PairMistake | undefined;
  order: RowOrder;
  onChange: (row: Pair) => void;
  onPaste: (pairs: [string, unknown][]) => void;
  onRemove: () => void;
}

export function PairRow(props: PairRowProps) {
  const { row, at, label, nameWord, values, context, mistake, order, onChange, onPaste } = props;
  const { t } = useTranslation("forms");
  const number = at + 1;
  const rowLabel = t("pairs.row", { label, number });

  function paste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text/plain");
    const pasted = parsePairs(text);
    // A single word is only a name.
    if (pasted.length === 0 || (pasted.length === 1 && row.name !== "")) return;
    event.preventDefault();
    onPaste(pasted);
  }

  return (
    <div
      className={own.pair}
      data-values={values}
      data-readonly={context.isReadOnly || undefined}
      role="group"
      aria-label={rowLabel}
      {...order.row(at)}
    >
      {!context.isReadOnly && <RowHandle name={row.name || rowLabel} {...order.handle(at)} />}
      <TextInput
        aria-label={t("pairs.nameOf", { word: nameWord, label, number })}
        placeholder={nameWord}
        value={row.name}
        readOnly={context.isReadOnly}
        error={mistake !== undefined}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
        onPaste={paste}
        spellCheck={false}
        autoComplete="off"
      />
      <RowValue {...props} />
      {!context.isReadOnly && <RowMenu {...props} />}
      {mistake && (
        <p className={own.note} role="alert">
          {t(`pairs.mistake.${mistake}`)}
        </p>
      )}
    </div>
  );
}

function RowValue({ row, at, label, values, place, context, onChange }: PairRowProps) {
  const { t } = useTranslation("forms");
  const valueLabel = t("pairs.valueOf", { label, number: at + 1 });
  const common = { label: valueLabel, context };
  const set = (value: unknown) => onChange({ ...row, value: value === undefined ? "" : value });
  if (values === "typed") {
    return <TypedValue {...common} value={row.value} onChange={set} place={place} />;
  }
  if (typeof row.value !== "string") {
    return <JsonField isCell {...common} value={row.value} onChange={set} />;
  }
  if (values === "condition") {
    return <ConditionField isLabelHidden {...common} value={row.value} onChange={set} />;
  }
  return <TemplateField isCell {...common} value={row.value} onChange={set} place={place} />;
}

function RowMenu({ row, at, count, label, kind, values, order, onChange, onRemove }: PairRowProps) {
  const { t } = useTranslation("forms");
  const isText = typeof row.value === "string";
  const name = row.name || t("pairs.row", { label, number: at + 1 });
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t("pairs.menu", { name })} mt={1}>
          <IconDotsVertical size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {at > 0 && (
          <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => order.move(at, at - 1)}>
            {t("pairs.up")}
          </Menu.Item>
        )}
        {at < count - 1 && (
          <Menu.Item
            leftSection={<IconArrowDown size={14} />}
            onClick={() => order.move(at, at + 1)}
          >
            {t("pairs.down")}
          </Menu.Item>
        )}
        {kind !== "headers" && values === "template" && isText && (
          <Menu.Item
            leftSection={<IconBraces size={14} />}
            onClick={() => onChange({ ...row, value: jsonOf(row.value as string) })}
          >
            {t("pairs.asJson")}
          </Menu.Item>
        )}
        {!isText && values !== "typed" && (
          <Menu.Item
            leftSection={<IconLetterT size={14} />}
            onClick={() => onChange({ ...row, value: JSON.stringify(row.value) })}
          >
            {t("pairs.asText")}
          </Menu.Item>
        )}
        <Menu.Item data-danger leftSection={<IconTrash size={14} />} onClick={onRemove}>
          {t("pairs.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What the text says as JSON; a text that is none becomes a list with it, so that nothing is lost. */
function jsonOf(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "string" ? [value] : value;
  } catch {
    return [text];
  }
}
