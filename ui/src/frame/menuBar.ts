/** The menu bar of the app's window: it shows the commands of the palette with their keys, and runs them by name. */
import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { announce, notify } from "@/design";
import { useTranslation } from "@/i18n";
import type { EditAsk, Shell } from "@/platform";
import { isBehindDialog, isTyping, offeredNow, useRegistry } from "./commands";
import { isMac } from "./keys";
import { commandsAndKeys } from "./menuOffer";
import { useOwnKeys } from "./ownKeys";

/** A page that comes tells several of its commands one after the other. */
const GATHER_MS = 50;
/** A page that was opened for its command has it by then, or will not. */
const PAGE_MAX_MS = 5000;

/** Tells the shell what can be run now, and each time that this changes. */
export function useMenuOffer(shell: Shell | undefined): void {
  const { t } = useTranslation("desktop");
  useEffect(() => {
    if (!shell) return;
    const words = t("menu", { returnObjects: true });
    let told = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const offer = { words, ...commandsAndKeys(offeredNow(), useOwnKeys.getState()) };
      const text = JSON.stringify(offer);
      if (text === told) return;
      told = text;
      void shell.offerCommands(offer);
    };
    const later = () => (timer ??= setTimeout(tell, GATHER_MS));
    const stops = [useRegistry.subscribe(later), useOwnKeys.subscribe(later)];
    tell();
    return () => {
      for (const stop of stops) stop();
      clearTimeout(timer);
    };
  }, [shell, t]);
}

/** Runs a command that was chosen in the bar; if it is not offered here, on the page that offers it. */
export function useMenuRun(): (command: string, page: string | null) => void {
  const { t } = useTranslation("desktop");
  const router = useRouter();
  return useCallback(
    (command, page) => {
      // As with keys: what is behind a dialog must not change. Whoever clicked is told why.
      if (isBehindDialog()) {
        notify({ message: t("menu.behindDialog") });
        announce(t("menu.behindDialog"));
        return;
      }
      if (runByName(command) || page === null) return;
      const stop = useRegistry.subscribe(() => {
        // After the effects of the page, which offer its commands one after the other.
        if (offeredNow().some(({ id }) => id === command)) {
          end();
          setTimeout(() => runByName(command));
        }
      });
      const timer = setTimeout(() => end(), PAGE_MAX_MS);
      const end = () => {
        stop();
        clearTimeout(timer);
      };
      router.history.push(page);
    },
    [router, t],
  );
}

function runByName(id: string): boolean {
  const command = offeredNow().findLast((offered) => offered.id === id);
  command?.run();
  return command !== undefined;
}

/** What stands behind a key of the keyboard, for an editor that has a history of its own. */
const KEYS: Record<EditAsk, KeyboardEventInit> = {
  undo: { key: "z", code: "KeyZ" },
  redo: { key: "Z", code: "KeyZ", shiftKey: true },
  selectAll: { key: "a", code: "KeyA" },
};

/** Undo, redo, select all: in the field where somebody writes, else in the drawing, else on the page. */
export function edit(what: EditAsk): void {
  const at = document.activeElement ?? document.body;
  if (isTyping(at)) {
    const modifier = isMac ? { metaKey: true } : { ctrlKey: true };
    const init = { ...KEYS[what], ...modifier, bubbles: true, cancelable: true };
    // Whoever handles the key has done it.
    if (!at.dispatchEvent(new KeyboardEvent("keydown", init))) return;
  } else if (runByName(`editor.${what}`)) {
    return;
  }
  // The one way to a field's own history. No event tells whether it did something, and nothing else is to be done.
  document.execCommand(what);
}
