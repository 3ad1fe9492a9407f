/** Which names parts may have, and names that nothing else has. Pure; the whole check is Hookloom's own. */
import { namesOf, type PartKind } from "./parts";
import type { Fields } from "../../document";

const NAME_MAX_CHARS = 64;
/** Words that mean something in an expression. */
const RESERVED = new Set(
  "job trigger steps vars secrets secretState item index and or not in is if else true false none null True False None".split(
    " ",
  ),
);
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const WITH_DASH = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const PATTERN: Record<PartKind, RegExp> = {
  endpoint: WITH_DASH,
  schedule: WITH_DASH,
  step: PLAIN,
  output: PLAIN,
  task: /\S/,
};

export type NameMistake = "empty" | "shape" | "reserved" | "taken";

/** Why a part cannot have this name; null if it can. `own` is the name that it has now. */
export function nameMistake(
  document: Fields,
  kind: PartKind,
  name: string,
  own?: string,
): NameMistake | null {
  if (name.trim() === "") return "empty";
  if (!PATTERN[kind].test(name)) return "shape";
  if ((kind === "step" || kind === "output") && RESERVED.has(name)) return "reserved";
  return name !== own && namesOf(document, kind).has(name) ? "taken" : null;
}

/** `wanted`, or it with the first number that makes it free. */
export function freeName(wanted: string, kind: PartKind, taken: ReadonlySet<string>): string {
  const base = usable(wanted, kind);
  if (!taken.has(base)) return base;
  const stem = base.replace(/[_ -]\d+$/, "") || base;
  for (let n = 2; ; n++) {
    const end = kind === "task" ? ` ${n}` : `_${n}`;
    const name = kind === "task" ? stem + end : stem.slice(0, NAME_MAX_CHARS - end.length) + end;
    if (!taken.has(name)) return name;
  }
}

/** The nearest name that the kind allows. */
function usable(wanted: string, kind: PartKind): string {
  if (kind === "task") return wanted.trim() || "task";
  const plain = wanted.trim().replace(/[^A-Za-z0-9_]+/g, "_");
  const begun = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  const name = begun === "_" ? kind : begun.slice(0, NAME_MAX_CHARS);
  return RESERVED.has(name) ? `${name}_` : name;
}
