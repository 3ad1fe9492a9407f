/** The rows of a JSON tree: what is open of it, in order. Pure. */
import { childrenOf, kindAt, wholeOf, type Child, type JsonKind, type Span } from "./jsonScan";
import type { Path } from "./paths";

export interface TreeRow extends Span {
  /** Where it begins in the text: no two values begin at one place. */
  id: number;
  depth: number;
  key: string | number | null;
  kind: JsonKind;
  /** How many parts it has. */
  count: number;
  isOpen: boolean;
  /** Its place among its siblings, from 1, and how many they are. */
  at: number;
  of: number;
}

/** A text with what was found in it so far: each part is scanned once. */
export interface ScannedText {
  text: string;
  whole: Span;
  parts: (span: Span) => Child[];
}

export function scanned(text: string): ScannedText {
  const known = new Map<number, Child[]>();
  const parts = (span: Span) => {
    const found = known.get(span.from) ?? childrenOf(text, span);
    known.set(span.from, found);
    return found;
  };
  return { text, whole: wholeOf(text), parts };
}

/** So much is open at first; a small value is open whole. */
const OPEN_AT_FIRST_ROWS = 120;
/** More rows than this nobody reads, and opening them would hold the window. */
export const OPEN_ROWS_MAX = 200_000;

export function openedAtFirst(source: ScannedText): Set<number> {
  return openedBreadthFirst(source, OPEN_AT_FIRST_ROWS);
}

export function openedWhole(source: ScannedText): Set<number> {
  return openedBreadthFirst(source, OPEN_ROWS_MAX);
}

function openedBreadthFirst(source: ScannedText, rowsMax: number): Set<number> {
  const open = new Set<number>();
  let rows = 1;
  const waiting: Span[] = [source.whole];
  for (let next = 0; next < waiting.length; next++) {
    const span = waiting[next] as Span;
    if (!hasParts(source.text, span)) continue;
    const parts = source.parts(span);
    // The outermost is always open: what is longer is scrolled.
    if (next > 0 && rows + parts.length > rowsMax) continue;
    open.add(span.from);
    rows += parts.length;
    if (rows < rowsMax) waiting.push(...parts.slice(0, rowsMax));
  }
  return open;
}

export function rowsOf(source: ScannedText, open: ReadonlySet<number>): TreeRow[] {
  const rows: TreeRow[] = [];
  // A stack instead of recursion: what nests thousands deep is shown as well.
  const stack: { span: Span; depth: number; key: TreeRow["key"]; at: number; of: number }[] = [
    { span: source.whole, depth: 0, key: null, at: 1, of: 1 },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { span, depth, key, at, of } = next;
    const kind = kindAt(source.text, span.from);
    const parts = kind === "object" || kind === "array" ? source.parts(span) : [];
    const isOpen = parts.length > 0 && open.has(span.from);
    const { from, to } = span;
    rows.push({ id: from, from, to, depth, key, kind, count: parts.length, isOpen, at, of });
    if (!isOpen || rows.length > OPEN_ROWS_MAX * 2) continue;
    for (let each = parts.length - 1; each >= 0; each--) {
      const part = parts[each] as Child;
      stack.push({ span: part, depth: depth + 1, key: part.key, at: each + 1, of: parts.length });
    }
  }
  return rows;
}

function hasParts(text: string, { from }: Span): boolean {
  return text[from] === "{" || text[from] === "[";
}

/** The keys that lead to a row. */
export function pathOf(rows: readonly TreeRow[], index: number): Path {
  const path: (string | number)[] = [];
  let depth = Infinity;
  for (let at = index; at >= 0; at--) {
    const row = rows[at] as TreeRow;
    if (row.depth >= depth) continue;
    depth = row.depth;
    if (row.key !== null) path.unshift(row.key);
  }
  return path;
}
