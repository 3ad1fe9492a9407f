/** The actions of the editor as they are now: offered in the palette, run by their keys and by the clipboard's events. */
import { useEffect, useMemo, useRef } from "react";
import { notify } from "@/design";
import { useCommands } from "@/frame/commands";
import { shownKey } from "@/frame/keys";
import { effectiveKey, useOwnKeys } from "@/frame/ownKeys";
import { useTranslation } from "@/i18n";
import { useEditor, useEditorState } from "../draft/useSession";
import { partsIn, remove } from "../commands";
import { ACTIONS, actionsOf, pasteText, type Action, type ActionName } from "./actions";
import { useRoom } from "./ask";
import { putOnClipboard, textOfEvent, useWhyNoClip } from "./clipboard";

export type Actions = Record<ActionName, Action>;

export function useActions(): Actions {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const room = useRoom();
  const whyNoClip = useWhyNoClip();
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
          whyNoClip,
          copied: (count) => t("clipboard.copied", { count }),
        },
      }),
    // The history decides what can be undone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t, session, room, document, selected, history],
  );
}

/** Offers the actions in the palette, and by their keys. */
export function useActionCommands(actions: Actions): void {
  const { t } = useTranslation("editor");
  useCommands(
    ACTIONS.filter((name) => actions[name].isEnabled).map((name) => {
      const { Icon, keys, isShownOnly, run } = actions[name];
      // The clipboard's keys are left to the browser, which allows them only by its own events.
      const shortcut = keys === undefined || isShownOnly ? {} : { shortcut: keys };
      return { id: idOf(name), label: t(`action.${name}`), Icon, run, ...shortcut };
    }),
  );
}

/** The keys of an action as they are now, in words; null if it has none. */
export function useKeyWords(): (name: ActionName, action: Action) => string | null {
  const own = useOwnKeys((state) => state.own);
  return (name, { keys, isShownOnly }) => {
    const key = isShownOnly
      ? (keys ?? null)
      : effectiveKey(own, { id: idOf(name), shortcut: keys });
    return key === null ? null : shownKey(key);
  };
}

const idOf = (name: ActionName) => `editor.${name}`;

/** A dialog has its own keys. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}

/** Copying, cutting and pasting where no text is: parts, as JSON. */
export function useClipboardEvents(): void {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const whyNoClip = useRef(useWhyNoClip());
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
      pasteText(session, textOfEvent(event), whyNoClip.current);
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
