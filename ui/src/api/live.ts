/**
 * Live updates: changed rows are patched into the lists that show them, everything else is made
 * stale by its tag, each tag at most once a second.
 */
import { platform, type ChangeEvent, type LiveState } from "@/platform";
import type { Query, QueryClient, QueryFilters } from "@tanstack/react-query";
import { create } from "zustand";
import { fitsFilter, patchRow, type Keyed, type Pages, type RowFilter } from "./rows";
import { createThrottle } from "./throttle";

const REFETCH_EVERY_MS = 1000;
/** From here on the pause button says "more than". */
export const HELD_COUNT_MAX = 999;
/** A list that grew this long by patches is read again from its top. */
const PATCHED_ROWS_MAX = 2000;

interface Live {
  state: LiveState;
  /** Lists that take in no new rows for now, with the rows held back. */
  paused: Record<string, ReadonlySet<string>>;
  pause(list: string): void;
  setState(state: LiveState): void;
  hold(list: string, ids: Iterable<string>): void;
  release(list: string): void;
}

export const useLive = create<Live>((set) => ({
  state: "connecting",
  paused: {},
  setState: (state) => set({ state }),
  pause: (list) => set(({ paused }) => ({ paused: { ...paused, [list]: new Set() } })),
  hold: (list, ids) =>
    set(({ paused }) => {
      const held = paused[list];
      if (!held || held.size > HELD_COUNT_MAX) return {};
      const more = new Set([...held, ...ids]);
      return more.size > held.size ? { paused: { ...paused, [list]: more } } : {};
    }),
  release: (list) =>
    set(({ paused }) => ({
      paused: Object.fromEntries(Object.entries(paused).filter(([name]) => name !== list)),
    })),
}));

export function startLive(client: QueryClient): () => void {
  const refetch = createThrottle(REFETCH_EVERY_MS, (tag) => {
    readAgain(client, { queryKey: tag.split(":") });
  });
  return platform.listen({
    onChange: (event) => applyChange(client, event, refetch),
    onState(state) {
      useLive.getState().setState(state);
      // Whatever happened while nobody listened is unknown: what was read by then is read again.
      if (state === "open") readAgain(client, { predicate: isReadAgain });
    },
  });
}

/** A first read that is under way may have begun before the change and cannot be begun anew: it is repeated. */
export function readAgain(client: QueryClient, wanted: QueryFilters) {
  for (const query of client.getQueryCache().findAll(wanted)) {
    if (query.state.data === undefined && query.state.fetchStatus === "fetching")
      void query.promise?.then(
        () => client.invalidateQueries({ queryKey: query.queryKey, exact: true }),
        () => undefined,
      );
  }
  void client.invalidateQueries(wanted);
}

/** A paused list stays as it is until it goes on. */
function isReadAgain({ state, queryKey }: Query): boolean {
  const isRead = state.dataUpdatedAt > 0 || state.fetchStatus === "fetching";
  return isRead && !isPaused(String(queryKey[0]));
}

export function isPaused(list: string): boolean {
  return list in useLive.getState().paused;
}

export function applyChange(
  client: QueryClient,
  event: ChangeEvent,
  refetch: (tag: string) => void,
): void {
  const patched = new Map<string, Keyed[]>();
  for (const { list, row } of event.rows) {
    patched.set(list, [...(patched.get(list) ?? []), row as Keyed]);
  }
  for (const [list, rows] of patched) patchLists(client, list, rows, refetch);
  for (const tag of event.tags) {
    if (!patched.has(tag) && !isPaused(tag)) refetch(tag);
    // The number of the requests that were not kept is no row: nothing else brings it.
    else if (tag === "requests") refetch("requests:counted");
  }
}

/** All rows of an event at once: each change of a query is told to all who show it. */
function patchLists(
  client: QueryClient,
  list: string,
  rows: readonly Keyed[],
  refetch: (tag: string) => void,
) {
  const paused = isPaused(list);
  const queries = client.getQueryCache().findAll({ queryKey: [list] });
  const isShown = queries.some((query) => query.isActive());
  const held = new Set<string>();
  for (const query of queries) {
    const before = query.state.data as Pages<Keyed> | undefined;
    if (!before?.pages) continue;
    if (!query.isActive() && !paused) {
      // Nobody looks at it: it is read again when somebody does, and must not grow until then.
      if (!query.state.isInvalidated) query.invalidate();
      continue;
    }
    const fits = (candidate: Keyed) =>
      fitsFilter(candidate, (query.queryKey[1] ?? {}) as RowFilter);
    const isCounted = query.isActive() || !isShown;
    let data = before;
    for (const row of rows) {
      const patched = patchRow(data, row, fits, !paused);
      data = patched.data;
      if (patched.outcome === "held" && isCounted) held.add(String(row.id));
    }
    if (data !== before) client.setQueryData(query.queryKey, data);
    if (data.pages.some(({ items }) => items.length > PATCHED_ROWS_MAX)) refetch(list);
  }
  if (held.size > 0) useLive.getState().hold(list, held);
}
