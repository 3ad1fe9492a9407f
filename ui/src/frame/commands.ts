/** Every command that can be run by its name. Screens add theirs while they are shown. */
import type { Icon } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import { create } from "zustand";

export interface Command {
  id: string;
  label: string;
  Icon: Icon;
  keywords?: string;
  shortcut?: string;
  run: () => void;
}

interface Registry {
  byScreen: Record<string, Command[]>;
}

export const useRegistry = create<Registry>(() => ({ byScreen: {} }));

/** Offers commands in the palette for as long as the caller is on the screen. */
export function useCommands(commands: Command[]): void {
  const screen = useId();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  // Labels decide whether the palette must change; `run` is always the newest one.
  const shape = commands.map(({ id, label }) => `${id} ${label}`).join("\n");
  useEffect(() => {
    const offered = latest.current.map((command, at) => ({
      ...command,
      run: () => latest.current[at]?.run(),
    }));
    useRegistry.setState(({ byScreen }) => ({ byScreen: { ...byScreen, [screen]: offered } }));
    return () =>
      useRegistry.setState(({ byScreen }) => ({
        byScreen: Object.fromEntries(Object.entries(byScreen).filter(([id]) => id !== screen)),
      }));
  }, [screen, shape]);
}
