/** A live list: filters above it, pages as far as somebody scrolls, and perhaps a detail beside it. */
import { useState, type ReactNode } from "react";
import type { LiveList, RowsQuery } from "@/api";
import { DataTable, ErrorPanel, Loading, PageHeader, SplitPane, type Column } from "@/design";
import { LiveControl } from "@/features/live/LiveControl";
import { ListFoot } from "./ListFoot";

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
        actions={<LiveControl list={list} onResume={query.retry} />}
      />
      <Body {...props} />
    </>
  );
}

function Body<Row extends { id: string | number }>(props: ListPageProps<Row>) {
  const { list, query, empty, side } = props;
  const first = usePinned(query.rows);
  if (query.error) return <ErrorPanel error={query.error} onRetry={query.retry} />;
  if (query.loading) return <Loading />;
  if (!side) return <Rows {...props} selected={undefined} />;
  if (query.rows.length === 0 && side.chosen === undefined) return empty;
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
  const { label, query, columns, empty, onOpen, side, selected } = props;
  return (
    <DataTable
      label={label}
      rows={query.rows}
      columns={columns}
      selected={selected}
      onOpen={onOpen}
      {...(side ? { onMove: onOpen } : {})}
      onEnd={query.loadMore}
      empty={empty}
      foot={<ListFoot query={query} />}
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
