/** Which fields of a part its words have told, and which are left to be shown as they stand. Pure. */
import type { ReactNode } from "react";
import type { Fields } from "./document";

/** The keys of the document that it tells of, its name, and its words; without words there is nothing to say. */
export type KnownField = [keys: string[], name: string, value: ReactNode];

export interface PartFacts {
  facts: { name: string; value: ReactNode }[];
  /** Keys of the document that need not be shown again. */
  told: string[];
}

/**
 * A field is told if its words say something, or if saying nothing says it. One whose value has another shape than
 * expected, as a draft's may, is shown as it stands.
 */
export function told(known: KnownField[], fields: Fields, always: string[] = []): PartFacts {
  const saysNothing = (key: string) => fields[key] === false || key === "secret";
  const said = known.filter(([keys, , value]) => Boolean(value) || keys.every(saysNothing));
  return {
    facts: known.map(([, name, value]) => ({ name, value })),
    told: [...always, ...said.flatMap(([keys]) => keys)],
  };
}
