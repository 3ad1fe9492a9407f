/** The keys of a list: which row is in the tab order, and what the keys do to it. */
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";

interface RowKeysOptions<Row extends { id: string | number }> {
  rows: Row[];
  selected?: string | number | undefined;
  onOpen: (row: Row) => void;
  onMove?: (row: Row) => void;
  scrollTo: (index: number) => void;
  /** Space marks the row instead of opening it. */
  marks?: { marked: ReadonlySet<Row["id"]>; mark: (rows: Row[], on: boolean) => void } | undefined;
}

const PAGE_ROWS = 10;

export function useRowKeys<Row extends { id: string | number }>(options: RowKeysOptions<Row>) {
  const { rows, selected, onOpen, onMove, scrollTo, marks } = options;
  const [active, setActive] = useState<string | number | undefined>(undefined);
  const table = useRef<HTMLTableElement>(null);
  const wantsFocus = useRef(false);
  const current = Math.max(
    0,
    rows.findIndex((row) => row.id === (active ?? selected)),
  );

  // The row may be drawn only after the scroll: the focus follows as soon as it is there.
  useEffect(() => {
    if (!wantsFocus.current) return;
    if (focusRow(table.current)) wantsFocus.current = false;
  });

  function onKeyDown(event: KeyboardEvent<HTMLTableElement>) {
    // Keys pressed on a link or button inside a row belong to it.
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const row = rows[current];
    if (event.key === " " && row && marks) {
      event.preventDefault();
      return marks.mark([row], !marks.marked.has(row.id));
    }
    if ((event.key === "Enter" || event.key === " ") && row) {
      event.preventDefault();
      return onOpen(row);
    }
    const next = target(event.key, current, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    const moved = rows[next];
    if (!moved) return;
    // At the end of the list the focus is there already, and nothing is drawn that would take the wish away.
    wantsFocus.current = next !== current;
    setActive(moved.id);
    scrollTo(next);
    onMove?.(moved);
  }

  // Whoever focuses the list as a whole, such as a script or a screen reader, means its row.
  function onFocus(event: FocusEvent<HTMLTableElement>) {
    if (event.target === event.currentTarget) focusRow(table.current);
  }

  function choose(index: number) {
    const row = rows[index];
    if (!row) return;
    setActive(row.id);
    onOpen(row);
  }

  return { table: { ref: table, tabIndex: -1, onKeyDown, onFocus }, current, choose };
}

function focusRow(table: HTMLTableElement | null): boolean {
  const row = table?.querySelector<HTMLElement>("tr[tabindex='0']");
  row?.focus({ preventScroll: true });
  return row !== null && row !== undefined;
}

function target(key: string, current: number, count: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, current + 1);
    case "ArrowUp":
      return Math.max(0, current - 1);
    case "PageDown":
      return Math.min(last, current + PAGE_ROWS);
    case "PageUp":
      return Math.max(0, current - PAGE_ROWS);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
