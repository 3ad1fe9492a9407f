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
  /** `held`: it belongs into the list, which takes in no new rows now. `left`: it does not belong there. */
  outcome: "replaced" | "added" | "held" | "left";
}

/**
 * Puts `row` into the pages. A row that is there is replaced in its place, whether or not it still
 * fits the filter: rows must not vanish under the pointer. One that is not there and fits goes to
 * its place by id, if `addNew`: rows come late, and an old job may fit a filter only now that it has
 * failed. What is older than all that was loaded of a longer list is left out.
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
    return { data: withItems(data, at, replaceAt(page.items, index, row)), outcome: "replaced" };
  }
  const place = fits(row) ? placeOf(data.pages, row) : null;
  if (!place) return { data, outcome: "left" };
  if (!addNew) return { data, outcome: "held" };
  const { at, index } = place;
  const items = data.pages[at]?.items ?? [];
  const longer = [...items.slice(0, index), row, ...items.slice(index)];
  return { data: withItems(data, at, longer), outcome: "added" };
}

/** The page, and the place on it, where a row stands by its id; null if that was not loaded yet. */
function placeOf(pages: Page<Keyed>[], row: Keyed): { at: number; index: number } | null {
  for (const [at, { items }] of pages.entries()) {
    const index = items.findIndex((item) => isNewer(row, item));
    if (index >= 0) return { at, index };
  }
  const last = pages.at(-1);
  return last?.next === null ? { at: pages.length - 1, index: last.items.length } : null;
}

function withItems<Row>(data: Pages<Row>, at: number, items: Row[]): Pages<Row> {
  return {
    ...data,
    pages: data.pages.map((page, each) => (each === at ? { ...page, items } : page)),
  };
}

/** Ids grow with time: integers by one, the others are UUIDv7 in hexadecimal behind a prefix. */
function isNewer(row: Keyed, than: Keyed): boolean {
  if (typeof row.id === "number" && typeof than.id === "number") return row.id > than.id;
  return String(row.id) > String(than.id);
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
