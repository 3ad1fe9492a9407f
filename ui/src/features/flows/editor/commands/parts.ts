/**
 * The parts of a document by their ids, as the drawing names them (`step:ship`), and how one of them is exchanged.
 * Pure: a document is never changed, a new one is made that shares what stayed.
 */
import { isFields, text, type Fields } from "../../document";

export type PartKind = "endpoint" | "schedule" | "step" | "output" | "task";

export const LIST_OF: Record<PartKind, string> = {
  endpoint: "endpoints",
  schedule: "schedules",
  step: "steps",
  output: "outputs",
  task: "webhook_tasks",
};

export const PART_KINDS = Object.keys(LIST_OF) as PartKind[];

/** A part and where it stands in its list. */
export interface Located {
  id: string;
  kind: PartKind;
  at: number;
  name: string;
  fields: Fields;
}

export interface Position {
  x: number;
  y: number;
}

/** A second part of the same name, as only a broken draft has, gets an id of its own. */
export function partId(kind: string, name: string, taken: ReadonlySet<string>): string {
  const id = `${kind}:${name}`;
  if (!taken.has(id)) return id;
  let n = 2;
  while (taken.has(`${id}#${n}`)) n++;
  return `${id}#${n}`;
}

export function partsIn(document: Fields): Located[] {
  const taken = new Set<string>();
  return PART_KINDS.flatMap((kind) =>
    listOf(document, kind).flatMap((fields, at) => {
      if (!isFields(fields)) return [];
      const name = text(fields.name);
      const id = partId(kind, name, taken);
      taken.add(id);
      return [{ id, kind, at, name, fields }];
    }),
  );
}

export function find(document: Fields, id: string): Located | undefined {
  return partsIn(document).find((part) => part.id === id);
}

export function listOf(document: Fields, kind: PartKind): unknown[] {
  const list = document[LIST_OF[kind]];
  return Array.isArray(list) ? list : [];
}

export function withList(document: Fields, kind: PartKind, list: unknown[]): Fields {
  return { ...document, [LIST_OF[kind]]: list };
}

/** Exchanges what `change` gives something new for; a document in which nothing changed stays the same one. */
export function mapList(
  document: Fields,
  kind: PartKind,
  change: (fields: Fields, at: number) => Fields,
): Fields {
  const list = listOf(document, kind);
  const next = list.map((each, at) => (isFields(each) ? change(each, at) : each));
  return next.every((each, at) => each === list[at]) ? document : withList(document, kind, next);
}

export function replacePart(document: Fields, part: Located, fields: Fields): Fields {
  return mapList(document, part.kind, (each, at) => (at === part.at ? fields : each));
}

export function insertPart(document: Fields, kind: PartKind, at: number, fields: Fields): Fields {
  return withList(document, kind, listOf(document, kind).toSpliced(at, 0, fields));
}

/** Sets a key where it stands, or at the end; `undefined` takes it out. */
export function withKey(fields: Fields, key: string, value: unknown): Fields {
  if (value !== undefined) return { ...fields, [key]: value };
  if (!(key in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([each]) => each !== key));
}

export function namesOf(document: Fields, kind: PartKind): Set<string> {
  return new Set(partsIn(document).flatMap((part) => (part.kind === kind ? [part.name] : [])));
}

/** The ids that `after` has and `before` has not: what a command added. */
export function addedIds(before: Fields, after: Fields): string[] {
  const known = new Set(partsIn(before).map(({ id }) => id));
  return partsIn(after).flatMap(({ id }) => (known.has(id) ? [] : [id]));
}
