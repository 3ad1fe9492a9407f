/**
 * A virtual list in the form of a table. One row is in the tab order; arrows, Home, End and Page
 * keys move it, Enter opens. New rows on top do not move what is being looked at.
 */
import { useElementSize } from "@mantine/hooks";
import {
  memo,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  type MouseEvent,
  type ReactNode,
} from "react";
import { useTranslation } from "@/i18n";
import classes from "./DataTable.module.css";
import { widthsOf } from "./columnWidths";
import { MarkAll, MarkRow, useMarkRow, type OnMark } from "./Marks";
import { openMenu, type MenuEntry } from "./menu";
import { useRowKeys } from "./rowKeys";
import { ROW_PX, scrollToRow, useRowWindow } from "./rowWindow";

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
  const { from, to } = useRowWindow(rows, scroller);
  const rowKeys = useRowKeys({
    ...props,
    scrollTo: (index) => scrollToRow(scroller.current, index),
  });
  const onMark = useMarkRow(rows, marks);
  useLayoutEffect(() => {
    if (rows.length > 0 && to >= rows.length) onEnd?.();
  }, [to, rows.length, onEnd]);

  const span = shown.length + (marks ? 1 : 0);
  /** One handler for all rows: they stay as they are while the page around them changes. */
  const indexOf = ({ target, currentTarget }: MouseEvent) => {
    const line = (target as Element).closest("tr");
    const at = line?.parentElement === currentTarget ? line.getAttribute("aria-rowindex") : null;
    return at === null ? -1 : Number(at) - 2;
  };

  function onContextMenu(event: MouseEvent) {
    const row = rows[indexOf(event)];
    const line = (event.target as Element).closest("tr");
    if (!row || !line || !menuOf) return;
    const { clientX, clientY } = event;
    const preventDefault = () => event.preventDefault();
    const asked = { clientX, clientY, currentTarget: line, preventDefault };
    openMenu(asked, t("table.rowMenu"), menuOf(row));
  }

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
          {widthsOf(shown, marks ? width - MARK_PX : width).map((columnWidth, at) => (
            <col key={at} style={columnWidth ? { width: columnWidth } : undefined} />
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
        <tbody
          onClick={(event) => rowKeys.choose(indexOf(event))}
          onContextMenu={menuOf && onContextMenu}
        >
          {from > 0 && <Spacer height={from * ROW_PX} span={span} />}
          {rows.slice(from, to).map((row, at) => (
            <Line
              key={row.id}
              row={row}
              columns={shown}
              index={from + at}
              isCurrent={from + at === rowKeys.current}
              isSelected={selected === undefined ? undefined : row.id === selected}
              markName={marks?.nameOf(row)}
              isMarked={marks?.marked.has(row.id)}
              onMark={onMark}
            />
          ))}
          {to < rows.length && <Spacer height={(rows.length - to) * ROW_PX} span={span} />}
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

interface LineProps<Row> {
  row: Row;
  columns: Column<Row>[];
  index: number;
  isCurrent: boolean;
  isSelected: boolean | undefined;
  /** What its box is called, if it has one. */
  markName: string | undefined;
  isMarked: boolean | undefined;
  onMark: OnMark;
}

const Line = memo(function Line<Row>(props: LineProps<Row>) {
  const { row, columns, index, isCurrent, isSelected, markName, isMarked, onMark } = props;
  return (
    <tr aria-rowindex={index + 2} aria-selected={isSelected} tabIndex={isCurrent ? 0 : -1}>
      {markName !== undefined && (
        <MarkRow name={markName} isMarked={isMarked === true} index={index} onMark={onMark} />
      )}
      <Cells row={row} columns={columns} />
    </tr>
  );
}) as <Row>(props: LineProps<Row>) => ReactNode;

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
