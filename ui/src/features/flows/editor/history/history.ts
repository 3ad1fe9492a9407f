/** What was done to a draft, one entry for each command, to be undone and done again. Pure. */
import type { Fields } from "../../document";
import { apply, diff, invert, type Patch } from "./patch";

export interface Entry {
  /** What was done, as a key of the editor's texts, with the names in it. */
  label: string;
  names?: Record<string, string>;
  patch: Patch;
  /** Entries of the same mark that follow each other at once are one, as letters typed into a field. */
  merge?: string | undefined;
  at_ms: number;
}

/** The entries before `done` are in the document; those after it were undone. */
export interface History {
  entries: Entry[];
  done: number;
}

export const EMPTY: History = { entries: [], done: 0 };
/** A longer pause while typing begins a new entry. */
const MERGE_WITHIN_MS = 5_000;

export interface Step {
  history: History;
  document: Fields;
}

export type NewEntry = Omit<Entry, "patch">;

/** Remembers the way from one document to the next; what had been undone is gone. */
export function record(history: History, before: Fields, after: Fields, entry: NewEntry): History {
  const patch = diff(before, after);
  if (patch.length === 0) return history;
  const kept = history.entries.slice(0, history.done);
  const last = kept.at(-1);
  if (last && isSameTyping(last, entry) && history.done === history.entries.length) {
    const begun = apply(before, invert(last.patch)) as Fields;
    const whole = diff(begun, after);
    const others = kept.slice(0, -1);
    // Typed and taken back: nothing is left to undo.
    return whole.length === 0 ? closed(others) : closed([...others, { ...entry, patch: whole }]);
  }
  return closed([...kept, { ...entry, patch }]);
}

function isSameTyping(last: Entry, next: NewEntry): boolean {
  return (
    next.merge !== undefined &&
    last.merge === next.merge &&
    next.at_ms - last.at_ms <= MERGE_WITHIN_MS
  );
}

const closed = (entries: Entry[]): History => ({ entries, done: entries.length });

export const undoable = ({ entries, done }: History): Entry | undefined => entries[done - 1];
export const redoable = ({ entries, done }: History): Entry | undefined => entries[done];

export function undo({ history, document }: Step): Step {
  const entry = undoable(history);
  if (!entry) return { history, document };
  return {
    document: apply(document, invert(entry.patch)) as Fields,
    history: { ...history, done: history.done - 1 },
  };
}

export function redo({ history, document }: Step): Step {
  const entry = redoable(history);
  if (!entry) return { history, document };
  return {
    document: apply(document, entry.patch) as Fields,
    history: { ...history, done: history.done + 1 },
  };
}
