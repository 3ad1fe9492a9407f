/**
 * Every command that can be run by its name or its key. Screens add theirs while they are shown.
 * `shortcut` is the key that a command comes with (`mod+Enter`, `Alt 1`); a person may choose another.
 */
import type { Icon } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import { create } from "zustand";
import { keyOf, worksWhileTyping } from "./keys";
import { effectiveKey, remember, useOwnKeys } from "./ownKeys";

/** Where the palette lists a command; those of a screen are `here`. */
export type CommandGroup = "here" | "goTo" | "general";

export interface Command {
  id: string;
  label: string;
  Icon: Icon;
  keywords?: string;
  shortcut?: string;
  group?: CommandGroup;
  run: () => void;
}

interface Registry {
  byScreen: Record<string, Command[]>;
}

export const useRegistry = create<Registry>(() => ({ byScreen: {} }));

/** Offers commands in the palette, and by their keys, for as long as the caller is on the screen. */
export function useCommands(commands: Command[]): void {
  const screen = useId();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  // Labels and keys decide whether the palette must change; `run` is always the newest one.
  const shape = commands.map(({ id, label, shortcut }) => `${id} ${label} ${shortcut}`).join("\n");
  useEffect(() => {
    const offered = latest.current.map((command, at) => ({
      ...command,
      run: () => latest.current[at]?.run(),
    }));
    remember(offered);
    useRegistry.setState(({ byScreen }) => ({ byScreen: { ...byScreen, [screen]: offered } }));
    return () =>
      useRegistry.setState(({ byScreen }) => ({
        byScreen: Object.fromEntries(Object.entries(byScreen).filter(([id]) => id !== screen)),
      }));
  }, [screen, shape]);
}

/** Runs commands by their keys. One listener, on the window: whoever handled a key before it keeps it. */
export function useCommandKeys(): void {
  useEffect(() => {
    addEventListener("keydown", runByKey);
    return () => removeEventListener("keydown", runByKey);
  }, []);
}

function runByKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyOf(event);
  if (key === null || (isTyping(event.target) && !worksWhileTyping(key))) return;
  if (isBehindDialog()) return;
  const command = commandOf(key);
  if (!command) return;
  event.preventDefault();
  command.run();
}

/** A dialog has its own keys, and what is behind it must not change. */
export function isBehindDialog(): boolean {
  return document.querySelector("[role='dialog'][aria-modal='true']") !== null;
}

/** What can be run now; what lies above the others comes last. */
export function offeredNow(): Command[] {
  return Object.values(useRegistry.getState().byScreen).flat();
}

/** The newest screen wins: it lies above the others. */
function commandOf(key: string): Command | undefined {
  const { own } = useOwnKeys.getState();
  return offeredNow()
    .reverse()
    .find((command) => effectiveKey(own, command) === key);
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type))
  );
}
