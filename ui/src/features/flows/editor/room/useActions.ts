/** The actions of the editor as they are now: offered in the palette, run by their keys and by the clipboard's events. */
import { useEffect, useMemo, useRef } from "react";
import { notify } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { useEditor, useEditorState } from "../draft/useSession";
import { partsIn, remove } from "../commands";
import { ACTIONS, actionsOf, pasteClip, type Action, type ActionName } from "./actions";
import { useRoom } from "./ask";
import { clipOfEvent, putOnClipboard } from "./clipboard";
import { isTyping, keyWords, matches } from "./keys";

export type Actions = Record<ActionName, Action>;

export function useActions(): Actions {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const room = useRoom();
  const document = useEditorState((state) => state.document);
  const selected = useEditorState((state) => state.selected);
  const history = useEditorState((state) => state.history);
  return useMemo(
    () =>
      actionsOf({
        session,
        room,
        document,
        selected,
        words: {
          pasteRefused: t("clipboard.refused"),
          nothingToPaste: t("clipboard.nothing"),
          copied: (count) => t("clipboard.copied", { count }),
        },
      }),
    // The history decides what can be undone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t, session, room, document, selected, history],
  );
}

/** Offers the actions in the palette, with their keys. */
export function useActionCommands(actions: Actions): void {
  const { t } = useTranslation("editor");
  useCommands(
    ACTIONS.filter((name) => actions[name].isEnabled).map((name) => {
      const { Icon, keys, run } = actions[name];
      const shortcut = keys === undefined ? {} : { shortcut: keyWords(keys) };
      return { id: `editor.${name}`, label: t(`action.${name}`), Icon, run, ...shortcut };
    }),
  );
}

/** Keys work in the whole page, but not in dialogs, and single letters not where text is typed. */
export function useActionKeys(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || isElsewhere(event.target)) return;
      const typing = isTyping(event.target);
      for (const { keys, isShownOnly, isEnabled, run } of Object.values(latest.current)) {
        if (keys === undefined || isShownOnly || !isKeys(keys, event)) continue;
        if (typing && !WHILE_TYPING.has(keys)) return;
        event.preventDefault();
        if (isEnabled) run();
        return;
      }
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

/** A letter typed is a change of the draft too, so its undo is the draft's. */
const WHILE_TYPING = new Set(["mod+z", "mod+shift+z", "mod+f"]);
/** A second spelling that hands know. */
const ALSO: Record<string, string> = { "mod+shift+z": "mod+y", Delete: "Backspace" };

function isKeys(keys: string, event: KeyboardEvent): boolean {
  const also = ALSO[keys];
  return matches(keys, event) || (also !== undefined && matches(also, event));
}

/** A dialog, the palette or an open menu has its own keys. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null;
}

/** Copying, cutting and pasting where no text is: parts, as JSON. */
export function useClipboardEvents(): void {
  const { t } = useTranslation("editor");
  const session = useEditor();
  useEffect(() => {
    const chosen = () => {
      const { document, selected } = session.store.getState();
      const known = new Set(partsIn(document).map(({ id }) => id));
      return { document, ids: selected.filter((id) => known.has(id)) };
    };
    const isText = (event: Event) =>
      isTyping(event.target) ||
      isElsewhere(event.target) ||
      (globalThis.getSelection()?.toString() ?? "") !== "";

    function onCopy(event: ClipboardEvent) {
      const { document, ids } = chosen();
      if (isText(event) || ids.length === 0) return;
      putOnClipboard(event, document, ids);
      notify({ message: t("clipboard.copied", { count: ids.length }) });
    }
    function onCut(event: ClipboardEvent) {
      const { document, ids } = chosen();
      if (isText(event) || ids.length === 0) return;
      putOnClipboard(event, document, ids);
      session.run({ label: "cut" }, (before) => remove(before, { ids }));
    }
    function onPaste(event: ClipboardEvent) {
      if (isTyping(event.target) || isElsewhere(event.target)) return;
      const clip = clipOfEvent(event);
      if (clip) pasteClip(session, clip);
      else notify({ message: t("clipboard.nothing") });
    }
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCut);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCut);
      document.removeEventListener("paste", onPaste);
    };
  }, [session, t]);
}
