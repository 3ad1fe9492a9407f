/** A list of texts as lines of one text. Pure. */
import type { Slot } from "./slot";

/** The texts of the lines; those that are empty are left out. */
export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What is wrong with the list, or with the first item that is wrong. */
export function errorBelow(slot: Slot, name: string): string | undefined {
  const list = slot.fields[name];
  const count = Array.isArray(list) ? list.length : 0;
  const items = Array.from({ length: count }, (_, at) => slot.inner(name).error(String(at)));
  return slot.error(name) ?? items.find((each) => each !== undefined);
}
