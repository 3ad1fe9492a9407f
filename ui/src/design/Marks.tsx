/** The boxes with which rows of a list are chosen: one a row, and one for all that was loaded. */
import { useCallback, useLayoutEffect, useRef, type MouseEvent } from "react";
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

export type OnMark = (index: number, isOn: boolean, isRange: boolean) => void;

/** Marks rows by their place; it stays the same function, so that rows that did not change are not drawn again. */
export function useMarkRow<Row extends { id: string | number }>(
  rows: Row[],
  marks: RowMarks<Row> | undefined,
): OnMark {
  const latest = useRef({ rows, marks });
  useLayoutEffect(() => {
    latest.current = { rows, marks };
  });
  return useCallback((index, isOn, isRange) => {
    const now = latest.current;
    const [from, to] = isRange
      ? [Math.min(lastIndex, index), Math.max(lastIndex, index)]
      : [index, index];
    lastIndex = index;
    now.marks?.mark(now.rows.slice(from, to + 1), isOn);
  }, []);
}

/** The row that was marked last, of the one list on the screen: Shift marks from there. */
let lastIndex = 0;

interface MarkRowProps {
  name: string;
  isMarked: boolean;
  index: number;
  onMark: OnMark;
}

export function MarkRow({ name, isMarked, index, onMark }: MarkRowProps) {
  const wantsRange = useRef(false);

  function onClick(event: MouseEvent) {
    event.stopPropagation();
    wantsRange.current = event.shiftKey;
  }

  return (
    <td className={classes.mark} onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={name}
        checked={isMarked}
        onClick={onClick}
        onChange={(event) => onMark(index, event.currentTarget.checked, wantsRange.current)}
      />
    </td>
  );
}
