/** The boxes with which rows of a list are chosen: one a row, and one for all that was loaded. */
import { useRef, type MouseEvent } from "react";
import { useTranslation } from "@/i18n";
import type { RowMarks } from "./DataTable";
import classes from "./DataTable.module.css";

interface MarkAllProps<Row extends { id: string | number }> {
  rows: Row[];
  marks: RowMarks<Row>;
}

export function MarkAll<Row extends { id: string | number }>({ rows, marks }: MarkAllProps<Row>) {
  const { t } = useTranslation();
  const { marked, mark } = marks;
  const isAll = rows.length > 0 && rows.every(({ id }) => marked.has(id));
  return (
    <th scope="col" className={classes.mark}>
      <input
        type="checkbox"
        aria-label={t("table.markAll")}
        checked={isAll}
        ref={(box) => {
          if (box) box.indeterminate = marked.size > 0 && !isAll;
        }}
        onChange={() => mark(rows, !isAll)}
      />
    </th>
  );
}

interface MarkRowProps<Row extends { id: string | number }> extends MarkAllProps<Row> {
  row: Row;
  index: number;
}

/** The row that was marked last, of the one list on the screen: Shift marks from there. */
let lastIndex = 0;

export function MarkRow<Row extends { id: string | number }>(props: MarkRowProps<Row>) {
  const { row, rows, index, marks } = props;
  const wantsRange = useRef(false);

  function onClick(event: MouseEvent) {
    event.stopPropagation();
    wantsRange.current = event.shiftKey;
  }

  function onChange(on: boolean) {
    const [from, to] = wantsRange.current
      ? [Math.min(lastIndex, index), Math.max(lastIndex, index)]
      : [index, index];
    lastIndex = index;
    marks.mark(rows.slice(from, to + 1), on);
  }

  return (
    <td className={classes.mark} onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={marks.nameOf(row)}
        checked={marks.marked.has(row.id)}
        onClick={onClick}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </td>
  );
}
