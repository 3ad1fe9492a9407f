/**
 * What lies between two JSON values, as a tree. Pure: `diff(a, a)` is null, and `apply(a, diff(a, b))` is `b`.
 * Lists are compared by their places after what is the same at both ends was set aside.
 */
export type Json = unknown;

export type Diff =
  | { kind: "changed"; before: Json; after: Json }
  | { kind: "object"; entries: [string, Entry][] }
  | { kind: "list"; items: Item[] };

/** A part of an object or list. */
type Entry = Diff | { kind: "added"; value: Json } | { kind: "removed"; value: Json };
/** Parts of a list in their order; `same` stands for that many that do not differ. */
type Item = Entry | { kind: "same"; count: number };

export function diff(before: Json, after: Json): Diff | null {
  if (Object.is(before, after)) return null;
  if (Array.isArray(before) && Array.isArray(after)) return listDiff(before, after);
  if (isObject(before) && isObject(after)) return objectDiff(before, after);
  return { kind: "changed", before, after };
}

function objectDiff(before: Record<string, Json>, after: Record<string, Json>): Diff | null {
  const entries: [string, Entry][] = [];
  for (const [name, value] of Object.entries(before)) {
    if (!Object.hasOwn(after, name)) entries.push([name, { kind: "removed", value }]);
    else {
      const inside = diff(value, after[name]);
      if (inside) entries.push([name, inside]);
    }
  }
  for (const [name, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, name)) entries.push([name, { kind: "added", value }]);
  }
  return entries.length > 0 ? { kind: "object", entries } : null;
}

function listDiff(before: Json[], after: Json[]): Diff | null {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && diff(before[head], after[head]) === null) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    diff(before[before.length - 1 - tail], after[after.length - 1 - tail]) === null
  ) {
    tail++;
  }
  const old = before.slice(head, before.length - tail);
  const young = after.slice(head, after.length - tail);
  if (old.length === 0 && young.length === 0) return null;
  const items: Item[] = [same(head)];
  for (let at = 0; at < Math.max(old.length, young.length); at++) {
    if (at >= young.length) items.push({ kind: "removed", value: old[at] });
    else if (at >= old.length) items.push({ kind: "added", value: young[at] });
    else items.push(diff(old[at], young[at]) ?? same(1));
  }
  return { kind: "list", items: [...items, same(tail)] };
}

const same = (count: number): Item => ({ kind: "same", count });

export function apply(before: Json, change: Diff | null): Json {
  if (change === null) return before;
  if (change.kind === "changed") return change.after;
  if (change.kind === "object") return applyObject(before as Record<string, Json>, change.entries);
  return applyList(before as Json[], change.items);
}

function applyObject(before: Record<string, Json>, entries: [string, Entry][]): Json {
  const after = new Map(Object.entries(before));
  for (const [name, change] of entries) {
    if (change.kind === "removed") after.delete(name);
    else if (change.kind === "added") after.set(name, change.value);
    else after.set(name, apply(after.get(name), change));
  }
  // A name such as `__proto__` becomes a field of its own this way.
  return Object.fromEntries(after);
}

function applyList(before: Json[], items: Item[]): Json {
  const after: Json[] = [];
  let at = 0;
  for (const item of items) {
    if (item.kind === "same") after.push(...before.slice(at, (at += item.count)));
    else if (item.kind === "added") after.push(item.value);
    else if (item.kind === "removed") at++;
    else after.push(apply(before[at++], item));
  }
  return after;
}

export type Path = (string | number)[];

/** One difference, with its place. */
export interface Change {
  kind: "added" | "removed" | "changed";
  /** In the second value; of what was removed, in the first. */
  path: Path;
  before?: Json;
  after?: Json;
}

/** The differences one by one, in the order of the document. */
export function changesOf(change: Diff | null): Change[] {
  const changes: Change[] = [];
  if (change) collect(change, [], changes);
  return changes;
}

function collect(change: Entry, path: Path, into: Change[]): void {
  switch (change.kind) {
    case "added":
      return void into.push({ kind: "added", path, after: change.value });
    case "removed":
      return void into.push({ kind: "removed", path, before: change.value });
    case "changed":
      return void into.push({ ...change, path });
    case "object":
      for (const [name, inside] of change.entries) collect(inside, [...path, name], into);
      return;
    case "list":
      collectList(change.items, path, into);
  }
}

function collectList(items: Item[], path: Path, into: Change[]): void {
  let old = 0;
  let young = 0;
  for (const item of items) {
    if (item.kind === "same") {
      old += item.count;
      young += item.count;
    } else if (item.kind === "removed") collect(item, [...path, old++], into);
    else {
      collect(item, [...path, young++], into);
      if (item.kind !== "added") old++;
    }
  }
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
