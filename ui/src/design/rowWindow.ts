/**
 * Which rows of a long list are drawn: those in sight and some around them. All rows are of one height. The rows that are
 * drawn stay so while the list is scrolled a little, and while others come in above them.
 */
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";

export const ROW_PX = 36;
const HEAD_PX = 29;
/** Drawn above and below what is in sight; when so many are left, the next ones are drawn. */
const AROUND = 8;
const LEFT_MIN = 2;

interface Keyed {
  id: string | number;
}

/** How high things are in a list. */
export interface Heights {
  rowPx: number;
  /** Of what stands above the first row. */
  headPx: number;
}

const OF_TABLES: Heights = { rowPx: ROW_PX, headPx: HEAD_PX };

export interface RowWindow {
  from: number;
  /** The first one below that is not drawn. */
  to: number;
}

interface Sight {
  scrollTop: number;
  clientHeight: number;
}

/** The window for this place: the one there is, as long as it does. */
export function windowAt(
  { scrollTop, clientHeight }: Sight,
  before: RowWindow,
  { rowPx } = OF_TABLES,
): RowWindow {
  const top = Math.floor(scrollTop / rowPx);
  const bottom = Math.ceil((scrollTop + clientHeight) / rowPx);
  const isEnough =
    (before.from === 0 || before.from <= top - LEFT_MIN) &&
    before.to >= bottom + LEFT_MIN &&
    before.to - before.from <= bottom - top + 4 * AROUND;
  return isEnough ? before : { from: Math.max(0, top - AROUND), to: bottom + AROUND };
}

/** The window with the same rows, after others came in above it or went. */
export function withSameRows(
  before: RowWindow,
  old: readonly Keyed[],
  rows: readonly Keyed[],
): RowWindow {
  const first = old[before.from];
  const now = first ? rows.findIndex(({ id }) => id === first.id) : -1;
  const by = now < 0 ? 0 : now - before.from;
  // A list that became short has no such rows any more: its last ones are drawn.
  const from = Math.max(0, Math.min(before.from + by, rows.length - 1 - AROUND));
  return { from, to: from + before.to - before.from };
}

/**
 * The rows of the window, and some more that have to be there wherever the list stands, such as the one that has the
 * focus: without it the next key would find nothing.
 */
export function rowsDrawn({ from, to }: RowWindow, always: readonly number[]): number[] {
  const rows = new Set(always);
  for (let row = from; row < to; row++) rows.add(row);
  return [...rows].sort((left, right) => left - right);
}

export function useRowWindow(
  rows: readonly Keyed[],
  scroller: RefObject<HTMLElement | null>,
  heights = OF_TABLES,
) {
  const { rowPx } = heights;
  const [kept, setKept] = useState(() => ({
    rows,
    isAtTop: true,
    // As many as any room may show, so that the first ones are there at once.
    shown: { from: 0, to: Math.ceil(innerHeight / rowPx) } as RowWindow,
  }));
  let now = kept;
  if (kept.rows !== rows) {
    const shown = kept.isAtTop ? kept.shown : withSameRows(kept.shown, kept.rows, rows);
    now = { ...kept, rows, shown };
    setKept(now);
  }

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = () =>
      setKept((before) => {
        const isAtTop = box.scrollTop < rowPx;
        const shown = windowAt(box, before.shown, heights);
        const isSame = shown === before.shown && isAtTop === before.isAtTop;
        return isSame ? before : { ...before, isAtTop, shown };
      });
    // Before the scrolled list is painted: no empty rows in between.
    const onScroll = () => flushSync(look);
    const watch = new ResizeObserver(look);
    watch.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [scroller, heights, rowPx]);

  useAnchoredScroll(scroller, rows, rowPx);
  const to = Math.min(now.shown.to, rows.length);
  return { from: Math.min(now.shown.from, to), to };
}

/** Brings a row into sight, below the head that may stand above all rows. */
export function scrollToRow(
  box: HTMLElement | null,
  index: number,
  { rowPx, headPx } = OF_TABLES,
): void {
  if (!box) return;
  const top = index * rowPx;
  const bottom = top + rowPx + headPx - box.clientHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop) box.scrollTop = bottom;
}

/** While the list is scrolled down, rows that come in above push nothing: the scroll follows them. */
function useAnchoredScroll(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly Keyed[],
  rowPx: number,
) {
  const before = useRef<readonly Keyed[]>([]);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const box = scroller.current;
    // Nothing is asked of a list that only begins: the answer would cost a layout of the page.
    if (!box || old === rows || old.length === 0 || box.scrollTop < rowPx) return;
    const at = Math.floor(box.scrollTop / rowPx);
    const anchor = old[at];
    if (!anchor || rows[at]?.id === anchor.id) return;
    const now = rows.findIndex(({ id }) => id === anchor.id);
    if (now >= 0) box.scrollBy({ top: (now - at) * rowPx, behavior: "instant" });
  }, [rows, scroller, rowPx]);
}
