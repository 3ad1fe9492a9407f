/** Live lists: how a changed row enters the pages that were loaded. Pure, so that it can be tested. */
import type { Page } from "./types";

/** What `useInfiniteQuery` keeps. */
export interface Pages<Row> {
  pages: Page<Row>[];
  pageParams: unknown[];
}

export interface Keyed {
  id: string | number;
}

export interface PatchResult<Row> {
  data: Pages<Row>;
  outcome: "replaced" | "added" | "left";
}

/**
 * Puts `row` into the pages. A row that is there is replaced in its place, whether or not it still
 * fits the filter: rows must not vanish under the pointer. A new one that fits goes to the top, if
 * `addNew`. A row older than the newest page is no news and is left out.
 */
export function patchRow<Row extends Keyed>(
  data: Pages<Row>,
  row: Row,
  fits: (row: Row) => boolean,
  addNew: boolean,
): PatchResult<Row> {
  for (const [at, page] of data.pages.entries()) {
    const index = page.items.findIndex((item) => item.id === row.id);
    if (index < 0) continue;
    const items = replaceAt(page.items, index, row);
    return {
      data: { ...data, pages: replaceAt(data.pages, at, { ...page, items }) },
      outcome: "replaced",
    };
  }
  const first = data.pages[0];
  if (!first || !addNew || !fits(row) || !isNewer(row, first.items[0])) {
    return { data, outcome: "left" };
  }
  const pages = replaceAt(data.pages, 0, { ...first, items: [row, ...first.items] });
  return { data: { ...data, pages }, outcome: "added" };
}

/** Ids grow with time: integers by one, the others are UUIDv7 in hexadecimal behind a prefix. */
function isNewer(row: Keyed, newest: Keyed | undefined): boolean {
  if (!newest) return true;
  if (typeof row.id === "number" && typeof newest.id === "number") return row.id > newest.id;
  return String(row.id) > String(newest.id);
}

/** All rows of all pages, each once: pages that overlap after an insertion show no row twice. */
export function flatRows<Row extends Keyed>(data: Pages<Row> | undefined): Row[] {
  const seen = new Set<string | number>();
  const rows: Row[] = [];
  for (const page of data?.pages ?? []) {
    for (const row of page.items) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      rows.push(row);
    }
  }
  return rows;
}

export type RowFilter = Record<string, string | number | undefined>;

/** Whether a row belongs to a list asked for with these filters: every filter is a field of the row. */
export function fitsFilter(row: object, filter: RowFilter): boolean {
  return Object.entries(filter).every(
    ([name, wanted]) =>
      wanted === undefined || String((row as Record<string, unknown>)[name]) === String(wanted),
  );
}

function replaceAt<Item>(items: Item[], index: number, item: Item): Item[] {
  return items.map((old, at) => (at === index ? item : old));
}
