/**
 * Deletions that can be taken back: for some seconds a notice offers that, and nothing was sent yet. Leaving the page
 * sends what waits. What is to be deleted is not shown meanwhile.
 */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { useTranslation } from "@/i18n";
import { announce } from "./announce";
import { useErrorWords } from "./errorWords";
import { closeNotice, notify } from "./notices";

export const UNDO_MS = 8000;

export interface Deletion {
  /** What kind of thing it is, and which: what is not shown meanwhile. */
  kind: "flow" | "secret" | "variable" | "view" | "alert rule";
  id: string;
  /** `The variable shop_url is deleted.` */
  message: string;
  run: () => Promise<unknown>;
  /** Cache tags that are read again, whether it was done or taken back. */
  stale: string[];
  onUndo?: () => void;
}

const useWaiting = create<{ keys: ReadonlySet<string> }>(() => ({ keys: new Set() }));
const finishers = new Map<string, () => Promise<void>>();

/** Whether something of this kind waits to be deleted. */
export function usePending(kind: Deletion["kind"]): (id: string) => boolean {
  const keys = useWaiting((waiting) => waiting.keys);
  return (id) => keys.has(`${kind} ${id}`);
}

export function useUndoable(): (deletion: Deletion) => void {
  const client = useQueryClient();
  const { t } = useTranslation();
  const words = useErrorWords();
  return (deletion) =>
    begin(deletion, client, {
      undo: t("undo.action"),
      undone: t("undo.done"),
      failed: (error) => words(error),
    });
}

interface Words {
  undo: string;
  undone: string;
  failed: (error: unknown) => { message: string; hint: string | null };
}

function begin(deletion: Deletion, client: QueryClient, words: Words): void {
  const { kind, id, message, run, stale, onUndo } = deletion;
  const key = `${kind} ${id}`;
  if (finishers.has(key)) return;
  const end = () => {
    clearTimeout(timer);
    finishers.delete(key);
    closeNotice(notice);
  };
  const show = async () => {
    await Promise.all(stale.map((tag) => client.invalidateQueries({ queryKey: tag.split(":") })));
    useWaiting.setState(({ keys }) => ({
      keys: new Set([...keys].filter((each) => each !== key)),
    }));
  };
  const finish = async () => {
    end();
    try {
      await run();
    } catch (error) {
      const { message: told, hint } = words.failed(error);
      notify({ title: told, message: hint ?? "", tone: "bad", long: true });
    }
    // Shown again only after the list was read anew: it must not flash up in between.
    await show();
  };
  const undo = () => {
    end();
    announce(words.undone);
    onUndo?.();
    void show();
  };
  useWaiting.setState(({ keys }) => ({ keys: new Set([...keys, key]) }));
  finishers.set(key, finish);
  const timer = setTimeout(() => void finish(), UNDO_MS);
  const notice = notify({
    message,
    action: { label: words.undo, run: undo },
    onClose: () => finishers.has(key) && void finish(),
    lasts: UNDO_MS,
  });
  announce(message);
}

/** Sends what waits, at once: the page is being left. */
export function finishAll(): void {
  for (const finish of [...finishers.values()]) void finish();
}

if (typeof addEventListener === "function") addEventListener("pagehide", finishAll);
