/** Everything that can be done in the editor, by its name, with its key: for keys, menus and the palette alike. */
import {
  IconArrowBackUp,
  IconArrowDown,
  IconArrowForwardUp,
  IconArrowUp,
  IconClipboard,
  IconCopy,
  IconCopyPlus,
  IconCursorText,
  IconDeselect,
  IconFlask,
  IconFocusCentered,
  IconGitCompare,
  IconLayoutDistributeVertical,
  IconMaximize,
  IconPlus,
  IconRowInsertTop,
  IconScissors,
  IconSearch,
  IconSelectAll,
  IconSettings,
  IconTag,
  IconTrash,
  IconVectorSpline,
  type Icon,
} from "@tabler/icons-react";
import { notify } from "@/design";
import { isMac } from "@/frame/keys";
import type { Fields } from "../../document";
import { openTry } from "../../try/store";
import * as commands from "../commands";
import type { Session } from "../draft/session";
import { redoable, undoable } from "../history/history";
import { show, type Ends, type Room } from "./ask";
import { readClipboard, writeClipboard } from "./clipboard";

/** What stands in the inspector when the flow itself is selected. */
export const FLOW_ID = "flow";

export const ACTIONS = [
  "undo",
  "redo",
  "add",
  "insert",
  "connect",
  "codes",
  "disconnect",
  "rename",
  "duplicate",
  "copy",
  "cut",
  "paste",
  "remove",
  "up",
  "down",
  "selectAll",
  "selectNone",
  "search",
  "layout",
  "fit",
  "fitSelection",
  "settings",
  "compare",
  "try",
] as const;
export type ActionName = (typeof ACTIONS)[number];

export interface Action {
  Icon: Icon;
  /** The keys that it comes with; a person may choose others. */
  keys?: string;
  /** The clipboard's own events do it, so its keys are only shown. */
  isShownOnly?: boolean;
  isEnabled: boolean;
  run: () => void;
}

export interface Scene {
  session: Session;
  room: Room;
  document: Fields;
  selected: readonly string[];
  words: {
    pasteRefused: string;
    whyNoClip: (text: string) => string;
    copied: (count: number) => string;
  };
}

/** Where the edges into and out of the selected node are, for commands on one edge. */
export function edgeInto(document: Fields, id: string): Ends | undefined {
  const part = commands.find(document, id);
  if (!part) return undefined;
  if (part.kind === "output") {
    return { from: `step:${String(part.fields.step)}`, to: id };
  }
  if (part.kind !== "step") return undefined;
  const above = commands.afterOf(part)[0];
  if (above) return { from: `step:${above.step}`, to: id };
  const start = commands
    .partsIn(document)
    .find(({ kind }) => kind === "endpoint" || kind === "schedule");
  return start && { from: start.id, to: id };
}

export function actionsOf(scene: Scene): Record<ActionName, Action> {
  const { session, room, document, selected } = scene;
  const { history } = session.store.getState();
  const parts = commands.partsIn(document);
  const chosen = parts.filter(({ id }) => selected.includes(id));
  const ids = chosen.map(({ id }) => id);
  const one = chosen.length === 1 ? chosen[0] : undefined;
  const last = chosen.at(-1);
  const into = one && edgeInto(document, one.id);
  const isStepEdge = into !== undefined && one?.kind === "step" && into.from.startsWith("step:");
  const ask = (next: NonNullable<ReturnType<Room["getState"]>["ask"]>) =>
    room.setState({ ask: next });
  const names = { names: chosen.map(({ name }) => name).join(", ") };
  const remove = () => session.run({ label: "remove", names }, (d) => commands.remove(d, { ids }));
  const reorder = (by: number) => () =>
    one && session.run({ label: "reorder", names }, (d) => commands.reorder(d, { id: one.id, by }));
  const copy = () =>
    writeClipboard(document, ids).then(
      () => notify({ message: scene.words.copied(ids.length) }),
      () => notify({ message: scene.words.pasteRefused, tone: "bad", long: true }),
    );
  return {
    undo: {
      Icon: IconArrowBackUp,
      keys: "mod+Z",
      isEnabled: undoable(history) !== undefined,
      run: session.undo,
    },
    redo: {
      Icon: IconArrowForwardUp,
      keys: "mod+shift+Z",
      isEnabled: redoable(history) !== undefined,
      run: session.redo,
    },
    add: {
      Icon: IconPlus,
      keys: "A",
      isEnabled: true,
      run: () => ask({ kind: "add", after: last?.id }),
    },
    insert: {
      Icon: IconRowInsertTop,
      keys: "I",
      isEnabled: into !== undefined,
      run: () => into && ask({ kind: "add", between: into }),
    },
    connect: {
      Icon: IconVectorSpline,
      keys: "C",
      isEnabled: one?.kind === "step" || one?.kind === "output",
      run: () => one && ask({ kind: "connect", from: one.id }),
    },
    codes: {
      Icon: IconTag,
      keys: "E",
      isEnabled: isStepEdge,
      run: () => into && ask({ kind: "codes", edge: into }),
    },
    disconnect: {
      Icon: IconScissors,
      isEnabled: isStepEdge,
      run: () =>
        into && session.run({ label: "disconnect", names }, (d) => commands.disconnect(d, into)),
    },
    rename: {
      Icon: IconCursorText,
      keys: "F2",
      isEnabled: one !== undefined,
      run: () => one && ask({ kind: "rename", id: one.id }),
    },
    duplicate: {
      Icon: IconCopyPlus,
      keys: "mod+D",
      isEnabled: ids.length > 0,
      run: () => session.run({ label: "duplicate", names }, (d) => commands.duplicate(d, { ids })),
    },
    copy: {
      Icon: IconCopy,
      keys: "mod+C",
      isShownOnly: true,
      isEnabled: ids.length > 0,
      run: () => void copy(),
    },
    cut: {
      Icon: IconScissors,
      keys: "mod+X",
      isShownOnly: true,
      isEnabled: ids.length > 0,
      run: () => void copy().then(remove),
    },
    paste: {
      Icon: IconClipboard,
      keys: "mod+V",
      isShownOnly: true,
      isEnabled: true,
      run: () => void pasteFromMenu(scene),
    },
    remove: {
      Icon: IconTrash,
      keys: isMac ? "Backspace" : "Delete",
      isEnabled: ids.length > 0,
      run: remove,
    },
    up: { Icon: IconArrowUp, keys: "alt+ArrowUp", isEnabled: one !== undefined, run: reorder(-1) },
    down: {
      Icon: IconArrowDown,
      keys: "alt+ArrowDown",
      isEnabled: one !== undefined,
      run: reorder(1),
    },
    selectAll: {
      Icon: IconSelectAll,
      keys: "mod+A",
      isEnabled: parts.length > 0,
      run: () => session.select(parts.map(({ id }) => id)),
    },
    selectNone: {
      Icon: IconDeselect,
      isEnabled: selected.length > 0,
      run: () => session.select([]),
    },
    search: {
      Icon: IconSearch,
      keys: "mod+F",
      isEnabled: true,
      run: () => room.setState({ search: room.getState().search ?? "" }),
    },
    layout: {
      Icon: IconLayoutDistributeVertical,
      keys: "L",
      isEnabled: "layout" in document,
      run: () => session.run({ label: "layout" }, commands.clearLayout),
    },
    fit: { Icon: IconMaximize, keys: "F", isEnabled: true, run: () => show(room, []) },
    fitSelection: {
      Icon: IconFocusCentered,
      keys: "S",
      isEnabled: ids.length > 0,
      run: () => show(room, ids),
    },
    settings: {
      Icon: IconSettings,
      keys: "G",
      isEnabled: true,
      run: () => {
        session.select([FLOW_ID]);
        room.setState(({ focusInspector }) => ({ focusInspector: focusInspector + 1 }));
      },
    },
    try: {
      Icon: IconFlask,
      keys: "T",
      isEnabled: true,
      run: () =>
        openTry({
          flow: session.store.getState().name,
          step: one?.kind === "step" ? one.name : null,
        }),
    },
    compare: { Icon: IconGitCompare, isEnabled: true, run: () => ask({ kind: "compare" }) },
  };
}

async function pasteFromMenu({ session, words }: Scene): Promise<void> {
  try {
    pasteText(session, await readClipboard(), words.whyNoClip);
  } catch {
    // The browser did not allow it; with its own keys it always does.
    notify({ message: words.pasteRefused, long: true });
  }
}

/** `whyNot` says what keeps a text from being pasted. */
export function pasteText(session: Session, text: string, whyNot: (text: string) => string): void {
  const clip = commands.readClip(text);
  if (clip) session.run({ label: "paste" }, (document) => commands.paste(document, { clip }));
  else notify({ message: whyNot(text), long: true });
}
