/**
 * A virtual list in the form of a table. One row is in the tab order; arrows, Home, End and Page
 * keys move it, Enter opens. New rows on top do not move what is being looked at.
 */
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useId, useLayoutEffect, useMemo, useRef, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./DataTable.module.css";
import { MarkAll, MarkRow } from "./Marks";
import { openMenu, type MenuEntry } from "./menu";
import { useRowKeys } from "./rowKeys";

export interface Column<Row> {
  id: string;
  header: string;
  /** Drawn in place of the words, such as an axis; the words are still read aloud. */
  head?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Pixels; without it the column takes what is left. */
  width?: number;
  /** Numbers stand right, with figures of one width. */
  numeric?: boolean;
  /** The column is left out of a list narrower than this many pixels. */
  fromWidth?: number;
}

export interface DataTableProps<Row extends { id: string | number }> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  selected?: string | number | undefined;
  /** The pointer or Enter chose the row. */
  onOpen: (row: Row) => void;
  /** The arrow keys moved to the row: lists with a detail pane beside them follow. */
  onMove?: (row: Row) => void;
  onEnd?: () => void;
  empty: ReactNode;
  /** Below the last row: what is still to come, or why it does not. */
  foot?: ReactNode;
  /** As high as its rows instead of filling its parent: for short tables inside a page. */
  fitRows?: boolean;
  /** Several rows can be chosen, for what is done with all of them. */
  marks?: RowMarks<Row> | undefined;
  /** What the menu key and the other mouse button offer on a row. */
  menuOf?: ((row: Row) => MenuEntry[]) | undefined;
}

export interface RowMarks<Row extends { id: string | number }> {
  marked: ReadonlySet<Row["id"]>;
  mark: (rows: Row[], on: boolean) => void;
  /** What the row's box is called. */
  nameOf: (row: Row) => string;
}

const ROW_PX = 36;
const HEAD_PX = 29;
const MARK_PX = 44;

export function DataTable<Row extends { id: string | number }>(props: DataTableProps<Row>) {
  const { label, rows, columns, selected, onEnd, empty, foot, fitRows, marks, menuOf } = props;
  const { t } = useTranslation();
  const helpId = useId();
  const { ref: sizeRef, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(
    () => columns.filter((column) => width === 0 || width >= (column.fromWidth ?? 0)),
    [columns, width],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    scrollPaddingStart: HEAD_PX,
    overscan: 8,
  });
  const visible = virtual.getVirtualItems();
  const rowKeys = useRowKeys({ ...props, scrollTo: (index) => virtual.scrollToIndex(index) });
  useAnchoredScroll(scroller, rows);
  const lastVisible = visible.at(-1)?.index ?? 0;
  useLayoutEffect(() => {
    if (rows.length > 0 && lastVisible >= rows.length - 1) onEnd?.();
  }, [lastVisible, rows.length, onEnd]);

  const span = shown.length + (marks ? 1 : 0);
  const above = visible[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (visible.at(-1)?.end ?? 0);
  return (
    <div className={classes.scroller} data-fit={fitRows || undefined} ref={scroller}>
      <div ref={sizeRef} />
      <table
        role="grid"
        aria-label={label}
        aria-describedby={helpId}
        aria-rowcount={rows.length + 1}
        {...rowKeys.table}
      >
        <colgroup>
          {marks && <col style={{ width: MARK_PX }} />}
          {shown.map(({ id, width: columnWidth }) => (
            <col key={id} style={columnWidth ? { width: columnWidth } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {marks && <MarkAll rows={rows} marks={marks} />}
            {shown.map(({ id, header, head, numeric }) => (
              <th key={id} scope="col" className={numeric ? "num" : undefined}>
                {head ? <span className="sr-only">{header}</span> : header}
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} span={span} />}
          {visible.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={index + 2}
                aria-selected={selected === undefined ? undefined : row.id === selected}
                {...rowKeys.row(index)}
                onContextMenu={
                  menuOf && ((event) => openMenu(event, t("table.rowMenu"), menuOf(row)))
                }
              >
                {marks && <MarkRow row={row} rows={rows} index={index} marks={marks} />}
                <Cells row={row} columns={shown} />
              </tr>
            );
          })}
          {below > 0 && <Spacer height={below} span={span} />}
        </tbody>
      </table>
      {rows.length === 0 && empty}
      {foot}
      <span className="sr-only" id={helpId}>
        {t(marks ? "table.keysWithMarks" : "table.keys")}
      </span>
    </div>
  );
}

/** They stay as they are while their row moves, by a scroll or by what came in above it. */
const Cells = memo(function Cells<Row>({ row, columns }: { row: Row; columns: Column<Row>[] }) {
  return columns.map(({ id, cell, numeric }) => (
    <td key={id} className={numeric ? "num" : undefined}>
      {cell(row)}
    </td>
  ));
}) as <Row>(props: { row: Row; columns: Column<Row>[] }) => ReactNode;

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden className={classes.spacer}>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

/** While the list is scrolled down, rows that come in above push nothing: the scroll follows them. */
function useAnchoredScroll(
  scroller: React.RefObject<HTMLDivElement | null>,
  rows: { id: string | number }[],
) {
  const before = useRef<{ id: string | number }[]>([]);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const box = scroller.current;
    if (!box || old === rows || box.scrollTop < ROW_PX) return;
    const at = Math.floor(box.scrollTop / ROW_PX);
    const anchor = old[at];
    if (!anchor || rows[at]?.id === anchor.id) return;
    const now = rows.findIndex(({ id }) => id === anchor.id);
    if (now >= 0) box.scrollBy({ top: (now - at) * ROW_PX, behavior: "instant" });
  }, [rows, scroller]);
}
