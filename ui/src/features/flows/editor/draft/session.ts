/**
 * One flow that is being edited: its draft, what was done to it, and whether that is saved. Saves go out in order, one
 * at a time, and take in everything that was changed since the last one. It does not know the screen or the network:
 * both come in as ports.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { FlowDetail, Problem } from "@/api";
import { ApiError } from "@/api/error";
import { partsOf, type Fields } from "../../document";
import { addedIds, partsIn } from "../commands";
import { EMPTY, record, redo, redoable, undo, undoable, type History } from "../history/history";
import { diff, same } from "../history/patch";
import { fromWire } from "./wire";

/** What was done, as a key below `did` in the editor's texts, and the names in its sentence. */
export interface Done {
  label: string;
  names?: Record<string, string>;
  merge?: string | undefined;
}

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving" }
  | { kind: "failed"; error: Error }
  | { kind: "conflict"; theirs: FlowDetail };

/** What is kept in this browser, so that nothing is lost with the window. */
export interface Kept {
  document: Fields;
  /** The draft that `document` was made from. */
  etag: string;
  /** Whether Hookloom has the document. */
  isSaved: boolean;
  history: History;
}

export interface SessionState {
  name: string;
  document: Fields;
  problems: Problem[];
  history: History;
  save: SaveState;
  selected: readonly string[];
}

export interface Ports {
  save: (document: Fields, etag: string) => Promise<FlowDetail>;
  keep: (kept: Kept) => void;
  now_ms: () => number;
}

export interface Session {
  store: StoreApi<SessionState>;
  /** Does a command, remembers it, and selects what it added. Nothing happens if it changes nothing. */
  run: (done: Done, command: (document: Fields) => Fields) => void;
  undo: () => void;
  redo: () => void;
  select: (ids: readonly string[]) => void;
  /** What Hookloom has now: problems, and a draft that was changed elsewhere. */
  adopt: (flow: FlowDetail) => void;
  /** Ends a conflict: with what is here, or with what Hookloom has. Either can be undone. */
  resolve: (keep: "mine" | "theirs") => void;
  /** Saves at once; resolves when everything is saved, rejects with the reason why it is not. */
  flush: () => Promise<void>;
  retry: () => void;
}

const TYPING_PAUSE_MS = 250;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 30_000;

export function createSession(flow: FlowDetail, kept: Kept | undefined, ports: Ports): Session {
  const begun = begin(flow, kept, ports.now_ms());
  const store = createStore<SessionState>(() => ({
    name: flow.name,
    problems: flow.problems,
    save: { kind: "saved" },
    selected: [],
    document: begun.document,
    history: begun.history,
  }));
  const { getState: get, setState: set } = store;
  let { etag, saved } = begun;
  const earlier = new Set<string>();
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const isSaved = () => get().document === saved || diff(saved, get().document).length === 0;
  const keep = () => {
    const { document, history } = get();
    ports.keep({ document, history, etag, isSaved: isSaved() });
  };

  function change(next: Partial<SessionState>, wait_ms = 0) {
    set(next);
    keep();
    if (get().save.kind !== "conflict") schedule(wait_ms);
  }

  function schedule(wait_ms: number) {
    if (running) return;
    clearTimeout(timer);
    if (isSaved()) return set({ save: { kind: "saved" } });
    if (get().save.kind !== "failed") set({ save: { kind: "saving" } });
    timer = setTimeout(() => void saveNow(), wait_ms);
  }

  function saveNow(): Promise<void> {
    clearTimeout(timer);
    if (running) return running;
    const sent = get().document;
    running = ports
      .save(sent, etag)
      .then(
        (answer) => {
          failures = 0;
          earlier.add(etag);
          etag = answer.draft_etag;
          saved = sent;
          set({ problems: answer.problems, save: { kind: isSaved() ? "saved" : "saving" } });
          keep();
        },
        (error: unknown) => set({ save: failed(error) }),
      )
      .then(() => {
        running = undefined;
        const { save } = get();
        if (save.kind === "saving") schedule(0);
        if (save.kind === "failed" && save.error instanceof ApiError && save.error.mayPass) {
          schedule(Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++));
        }
      });
    return running;
  }

  return {
    store,
    run(done, command) {
      const { document, history, selected } = get();
      const next = command(document);
      if (next === document) return;
      const at_ms = ports.now_ms();
      const added = addedIds(document, next);
      const isRename = added.length > 0 && partsIn(next).length === partsIn(document).length;
      change(
        {
          document: next,
          history: record(history, document, next, { ...done, at_ms }),
          selected: isRename ? renamed(selected, document, next) : chosen(added, selected, next),
        },
        done.merge === undefined ? 0 : TYPING_PAUSE_MS,
      );
    },
    undo() {
      const { document, history, selected } = get();
      if (!undoable(history)) return;
      const next = undo({ document, history });
      change({
        ...next,
        selected: chosen(addedIds(document, next.document), selected, next.document),
      });
    },
    redo() {
      const { document, history, selected } = get();
      if (!redoable(history)) return;
      const next = redo({ document, history });
      change({
        ...next,
        selected: chosen(addedIds(document, next.document), selected, next.document),
      });
    },
    select: (ids) => set({ selected: ids }),
    adopt(answer) {
      if (earlier.has(answer.draft_etag) || running) return;
      if (answer.draft_etag === etag) return set({ problems: answer.problems });
      // What is here and not saved will be refused when it is sent: then a person chooses.
      if (!isSaved()) return;
      const { document, history } = get();
      const theirs = fromWire(answer);
      earlier.add(etag);
      etag = answer.draft_etag;
      saved = same(document, theirs) ? document : theirs;
      const entry = { label: "elsewhere", at_ms: ports.now_ms() };
      set({
        document: saved,
        history: record(history, document, saved, entry),
        problems: answer.problems,
      });
      keep();
    },
    resolve(choice) {
      const { save, document, history } = get();
      if (save.kind !== "conflict") return;
      const theirs = fromWire(save.theirs);
      earlier.add(etag);
      etag = save.theirs.draft_etag;
      saved = theirs;
      const entry = { label: "elsewhere", at_ms: ports.now_ms() };
      set({ save: { kind: "saving" }, problems: save.theirs.problems });
      if (choice === "mine") return change({});
      change({ document: theirs, history: record(history, document, theirs, entry) });
    },
    async flush() {
      while (!isSaved()) {
        await saveNow();
        if (get().save.kind !== "saving" && get().save.kind !== "saved") break;
      }
      const { save } = get();
      if (save.kind === "failed") throw save.error;
      if (save.kind === "conflict") throw new ConflictError();
    },
    retry() {
      if (get().save.kind === "failed") void saveNow();
    },
  };
}

/** The draft was changed elsewhere, and nobody has chosen yet. */
export class ConflictError extends Error {}

function failed(error: unknown): SaveState {
  if (error instanceof ApiError && error.current)
    return { kind: "conflict", theirs: error.current };
  return { kind: "failed", error: error instanceof Error ? error : new Error(String(error)) };
}

/**
 * What was kept goes on where it ended. What it had not saved is saved now, or is in conflict with what Hookloom has;
 * what was changed elsewhere in the meantime is one more change that can be undone.
 */
function begin(flow: FlowDetail, kept: Kept | undefined, at_ms: number) {
  const theirs = fromWire(flow);
  const etag = flow.draft_etag;
  if (!kept) return { document: theirs, saved: theirs, history: EMPTY, etag };
  const { document, history } = kept;
  if (same(document, theirs)) return { document, saved: document, history, etag };
  if (!kept.isSaved) return { document, saved: theirs, history, etag: kept.etag };
  const entry = { label: "elsewhere", at_ms };
  return {
    document: theirs,
    saved: theirs,
    history: record(history, document, theirs, entry),
    etag,
  };
}

/** What was added is selected; else what was, as far as it is still there. */
function chosen(added: string[], selected: readonly string[], document: Fields): readonly string[] {
  if (added.length > 0) return added;
  const there = new Set([...partsIn(document).map(({ id }) => id), "end"]);
  const kept = selected.filter((id) => there.has(id));
  return kept.length === selected.length ? selected : kept;
}

/** A part that was renamed has a new id, and stays selected. */
function renamed(selected: readonly string[], before: Fields, after: Fields): readonly string[] {
  const [was, is] = [partsIn(before), partsIn(after)];
  return selected.map((id) => is[was.findIndex((part) => part.id === id)]?.id ?? id);
}

/** How many parts a document has: an empty one is shown with words. */
export const isEmpty = (document: Fields) =>
  Object.values(partsOf(document)).every((list) => list.length === 0);
