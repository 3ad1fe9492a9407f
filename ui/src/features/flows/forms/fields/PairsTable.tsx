/** Names and values as a table. Rows are kept here while they are typed; the document gets the sound ones. */
import { Button } from "@mantine/core";
import { IconClipboardText, IconPlus } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "@/i18n";
import { isFields } from "../../document";
import type { FormContext, TemplatePlace } from "../types";
import { FieldFrame } from "./FieldFrame";
import own from "./Fields.module.css";
import { JsonField } from "./JsonField";
import { PairRow, type PairValues } from "./PairRow";
import { PairsPaste } from "./PairsPaste";
import {
  fieldsOf,
  mistakesIn,
  pair,
  pairsOf,
  withPasted,
  type Pair,
  type PairsKind,
} from "./pairs";
import { moved, useRowOrder } from "./rowOrder";

export interface PairsTableProps {
  label: string;
  description?: string | undefined;
  /** An object of names and values; something else is shown as JSON. */
  value: unknown;
  /** Undefined: no row is left. */
  onChange: (value: Record<string, unknown> | undefined) => void;
  kind: PairsKind;
  /** Where the values stand, which decides how they are escaped. */
  place: TemplatePlace;
  context: FormContext;
  error?: string | undefined;
  /** The word for one row's name, such as "exit code"; "name" without it. */
  nameWord?: string;
  /** How the values are written; as templates without it. */
  values?: PairValues;
  /** The order of the rows has a meaning. */
  isOrdered?: boolean;
}

export function PairsTable(props: PairsTableProps) {
  const { label, description, value, onChange, context, error } = props;
  if (value !== undefined && !isFields(value)) {
    return (
      <JsonField
        label={label}
        description={description}
        value={value}
        onChange={(next) => onChange(next as Record<string, unknown> | undefined)}
        context={context}
        error={error}
      />
    );
  }
  return <Table {...props} value={value} />;
}

function Table(props: PairsTableProps & { value: Record<string, unknown> | undefined }) {
  const { label, description, value, onChange, kind, place, context, error, nameWord } = props;
  const { values = "template", isOrdered } = props;
  const { t } = useTranslation("forms");
  const id = useId();
  const written = JSON.stringify(value ?? {});
  const [kept, setKept] = useState(() => ({ rows: pairsOf(value), of: written }));
  const [isPasting, setPasting] = useState(false);
  let shown = kept.rows;
  if (written !== kept.of) {
    // Undo and the like change the document from outside: then these rows are old.
    if (written !== JSON.stringify(fieldsOf(shown))) shown = pairsOf(value);
    setKept({ rows: shown, of: written });
  }
  const mistakes = mistakesIn(shown, kind, isOrdered);

  function change(next: Pair[]) {
    setKept({ rows: next, of: written });
    const fields = fieldsOf(next);
    if (JSON.stringify(fields) === written) return;
    onChange(Object.keys(fields).length === 0 ? undefined : fields);
  }

  const order = useRowOrder({
    count: shown.length,
    nameOf: (at) => shown[at]?.name || t("pairs.row", { label, number: at + 1 }),
    onMove: (from, to) => change(moved(shown, from, to)),
  });

  return (
    <FieldFrame id={id} label={label} description={description} error={error}>
      <div className={own.pairs} role="group" aria-labelledby={`${id}-label`} ref={order.box}>
        {shown.map((row, at) => (
          <PairRow
            key={row.id}
            row={row}
            at={at}
            count={shown.length}
            values={values}
            order={order}
            label={label}
            nameWord={nameWord ?? t("pairs.name")}
            kind={kind}
            place={place}
            context={context}
            mistake={mistakes.get(row.id)}
            onChange={(next) => change(shown.map((each) => (each.id === row.id ? next : each)))}
            onPaste={(pasted) =>
              change(
                withPasted(
                  shown.filter(({ id: each }) => each !== row.id || row.name !== ""),
                  pasted,
                  kind,
                ),
              )
            }
            onRemove={() => {
              change(shown.filter(({ id: each }) => each !== row.id));
              order.focusRow(at);
            }}
          />
        ))}
        {!context.isReadOnly && (
          <div className={own.foot}>
            <Button
              variant="subtle"
              data-pair-add
              leftSection={<IconPlus size={14} aria-hidden />}
              aria-label={t("pairs.addTo", { label })}
              onClick={() => {
                change([...shown, pair("", "")]);
                order.focusRow(shown.length);
              }}
            >
              {t("pairs.add")}
            </Button>
            <Button
              variant="subtle"
              leftSection={<IconClipboardText size={14} aria-hidden />}
              aria-label={t("pairs.pasteTo", { label })}
              aria-expanded={isPasting}
              onClick={() => setPasting(!isPasting)}
            >
              {t("pairs.paste")}
            </Button>
          </div>
        )}
        {shown.length === 0 && context.isReadOnly && (
          <p className="muted" style={{ margin: "5px 9px" }}>
            {t("pairs.none")}
          </p>
        )}
        {isPasting && (
          <PairsPaste
            label={label}
            onClose={() => setPasting(false)}
            onPaste={(pasted) => {
              change(withPasted(shown, pasted, kind));
              setPasting(false);
            }}
          />
        )}
      </div>
    </FieldFrame>
  );
}
