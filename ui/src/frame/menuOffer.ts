/** What the menu bar is told of the commands. Pure. */
import type { CommandOffer } from "@/platform";
import { effectiveKey, type OwnKeys } from "./ownKeys";

interface Offered {
  id: string;
  label: string;
  shortcut?: string | undefined;
}

/** The commands that can be run, and the keys of all that were ever known. */
export function commandsAndKeys(
  offered: readonly Offered[],
  { own, known }: OwnKeys,
): Pick<CommandOffer, "commands" | "keys"> {
  const commands = offered.map(({ id, label, shortcut }) => ({
    id,
    label,
    key: effectiveKey(own, { id, shortcut }),
  }));
  const keys = Object.entries(known).flatMap(([id, { key }]) => {
    const effective = own[id] === undefined ? key : own[id];
    return effective === null ? [] : [[id, effective] as const];
  });
  return { commands, keys: Object.fromEntries(keys) };
}
