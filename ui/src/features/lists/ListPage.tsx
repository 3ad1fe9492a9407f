/** A live list: filters above it, pages as far as somebody scrolls, and perhaps a detail beside it. */
import { useState, type ReactNode } from "react";
import type { LiveList, RowsQuery } from "@/api";
import {
  DataTable,
  ErrorPanel,
  Loading,
  PageHeader,
  SplitPane,
  type Column,
  type MenuEntry,
} from "@/design";
import { LiveControl } from "@/features/live/LiveControl";
import { ListFoot } from "./ListFoot";
import { SearchFoot } from "./SearchFoot";
import { SelectionBar } from "./SelectionBar";
import type { Marks } from "./useMarks";

interface ListPageProps<Row extends { id: string | number }> {
  list: LiveList;
  title: string;
  /** What the table is called by a screen reader. */
  label: string;
  query: RowsQuery<Row>;
  columns: Column<Row>[];
  filters: ReactNode;
  /** In place of rows: what the list is for, or that none fits. */
  empty: ReactNode;
  onOpen: (row: Row) => void;
  /** A button of the page, beside the one that pauses it. */
  action?: ReactNode;
  /** Words are looked for: the list says how far it has come. */
  isSearch?: boolean;
  marks?: Marks<Row>;
  /** What is done with the rows that were chosen. */
  markActions?: (rows: Row[], clear: () => void) => ReactNode;
  menuOf?: (row: Row) => MenuEntry[];
  /** The detail beside the list: what it shows follows the keys. */
  side?: Side<Row["id"]>;
}

interface Side<Id> {
  /** Pixels, until somebody moves the divider. */
  width: number;
  chosen: Id | undefined;
  render: (id: Id | undefined) => ReactNode;
  /** Above the rows, for what is no row. */
  above?: ReactNode;
}

export function ListPage<Row extends { id: string | number }>(props: ListPageProps<Row>) {
  const { list, title, query, filters } = props;
  return (
    <>
      <PageHeader
        title={title}
        beside={filters}
        actions={
          <>
            <LiveControl list={list} onResume={query.retry} />
            {props.action}
          </>
        }
      />
      {props.marks && props.marks.rows.length > 0 && (
        <SelectionBar marks={props.marks}>
          {props.markActions?.(props.marks.rows, props.marks.clear)}
        </SelectionBar>
      )}
      <Body {...props} />
    </>
  );
}

function Body<Row extends { id: string | number }>(props: ListPageProps<Row>) {
  const { list, query, empty, side } = props;
  const first = usePinned(query.rows);
  if (query.error) return <ErrorPanel error={query.error} onRetry={query.retry} />;
  if (query.loading) return <Loading />;
  const isSearching = props.isSearch === true && query.hasMore;
  if (query.rows.length === 0 && side?.chosen === undefined && !isSearching) return empty;
  if (!side) return <Rows {...props} selected={undefined} />;
  const selected = side.chosen ?? first;
  return (
    <SplitPane name={list} initialPx={side.width} side={side.render(selected)}>
      {side.above}
      <Rows {...props} selected={selected} />
    </SplitPane>
  );
}

interface RowsProps<Row extends { id: string | number }> extends ListPageProps<Row> {
  selected: Row["id"] | undefined;
}

function Rows<Row extends { id: string | number }>(props: RowsProps<Row>) {
  const { label, query, columns, empty, onOpen, side, selected, isSearch, marks, menuOf } = props;
  return (
    <DataTable
      label={label}
      rows={query.rows}
      columns={columns}
      selected={selected}
      onOpen={onOpen}
      {...(side ? { onMove: onOpen } : {})}
      {...(isSearch ? {} : { onEnd: query.loadMore })}
      empty={isSearch && query.hasMore ? null : empty}
      foot={
        <>
          <ListFoot query={query} />
          {isSearch && <SearchFoot query={query} />}
        </>
      }
      marks={marks}
      menuOf={menuOf}
    />
  );
}

/** The row that was the newest when the list was opened: what comes in later does not take its place. */
function usePinned<Row extends { id: string | number }>(rows: Row[]): Row["id"] | undefined {
  const [pinned, setPinned] = useState<Row["id"]>();
  const first = rows[0]?.id;
  const isThere = rows.some(({ id }) => id === pinned);
  if (!isThere && first !== undefined && first !== pinned) setPinned(first);
  return isThere ? pinned : first;
}
