/** The keys that somebody chose, kept in this browser, and the commands that were ever offered here. */
import { create } from "zustand";
import { parseKey } from "./keys";

const KEYS = "hookloom.keys";
const KNOWN = "hookloom.commands";

interface Known {
  label: string;
  /** The key that the command comes with. */
  key: string | null;
}

export interface OwnKeys {
  /** By command; null for one that shall have no key. */
  own: Record<string, string | null>;
  /** A page tells its commands only while it is shown: the list of keys needs all of them. */
  known: Record<string, Known>;
}

export const useOwnKeys = create<OwnKeys>(() => ({ own: read(KEYS), known: read(KNOWN) }));

export function effectiveKey(
  own: OwnKeys["own"],
  { id, shortcut }: { id: string; shortcut?: string | undefined },
): string | null {
  const chosen = own[id];
  return chosen === undefined ? parseKey(shortcut ?? "") : chosen;
}

/** A key of one's own; `undefined` gives the command back the one that it came with. */
export function chooseKey(id: string, key: string | null | undefined): void {
  useOwnKeys.setState(({ own }) => {
    const others = Object.entries(own).filter(([each]) => each !== id);
    const next = Object.fromEntries(key === undefined ? others : [...others, [id, key]]);
    write(KEYS, next);
    return { own: next };
  });
}

export function resetKeys(): void {
  write(KEYS, {});
  useOwnKeys.setState({ own: {} });
}

export function remember(
  commands: { id: string; label: string; shortcut?: string | undefined }[],
): void {
  const { known } = useOwnKeys.getState();
  const isNews = ({ id, label, shortcut }: (typeof commands)[number]) =>
    known[id]?.label !== label || known[id].key !== parseKey(shortcut ?? "");
  const news = commands.filter(isNews);
  if (news.length === 0) return;
  const told = news.map(({ id, label, shortcut }) => [
    id,
    { label, key: parseKey(shortcut ?? "") },
  ]);
  const next = { ...known, ...(Object.fromEntries(told) as OwnKeys["known"]) };
  write(KNOWN, next);
  useOwnKeys.setState({ known: next });
}

/** The other commands that have this key, so that one of them would never run. */
export function conflictsOf(id: string, key: string, { own, known }: OwnKeys): string[] {
  return Object.entries(known)
    .filter(([other, { key: usual }]) => {
      const theirs = own[other] === undefined ? usual : own[other];
      return other !== id && theirs === key && meet(id, other);
    })
    .map(([, { label }]) => label);
}

/** Commands of different pages never meet; those of the frame meet every other. */
function meet(one: string, other: string): boolean {
  const page = (id: string) => id.split(".")[0] ?? "";
  const everywhere = ["room", "palette", "theme", "receiver", "app"];
  return page(one) === page(other) || [one, other].some((id) => everywhere.includes(page(id)));
}

function read<Value>(name: string): Record<string, Value> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, Value>) : {};
  } catch {
    return {};
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the keys hold until the page is left.
  }
}
