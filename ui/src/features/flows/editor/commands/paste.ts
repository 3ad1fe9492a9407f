/** Copying parts to JSON text and pasting them, in this flow or in another window's. Pure. */
import { isFields, text, texts, type Fields } from "../../document";
import { mapTexts, renameInTemplate } from "./expressions";
import { layoutOf, withLayout, type Layout } from "./layout";
import { freeName } from "./names";
import {
  LIST_OF,
  listOf,
  namesOf,
  PART_KINDS,
  partsIn,
  withKey,
  withList,
  type PartKind,
} from "./parts";

const FORMAT = "hookloom.parts/1";
const FLOW_FORMAT = /^hookloom\.flow\//;
/** How far beside its original a copy stands. */
const ASIDE_PX = 40;

/** Parts that are to be pasted, as a piece of a flow document. */
export type Clip = Fields;

/** The parts of a document as a text for the clipboard. */
export function copyText(document: Fields, ids: readonly string[]): string {
  return JSON.stringify(clipOf(document, ids), null, 2);
}

export function clipOf(document: Fields, ids: readonly string[]): Clip {
  const wanted = new Set(ids);
  const chosen = partsIn(document).filter(({ id }) => wanted.has(id));
  const lists = PART_KINDS.flatMap((kind) => {
    const list = chosen.filter((part) => part.kind === kind).map(({ fields }) => fields);
    return list.length > 0 ? [[LIST_OF[kind], list] as const] : [];
  });
  const layout = Object.entries(layoutOf(document)).filter(([id]) => wanted.has(id));
  const clip = { format: FORMAT, ...Object.fromEntries(lists) };
  return layout.length > 0 ? { ...clip, layout: Object.fromEntries(layout) } : clip;
}

/** What a text from the clipboard holds: copied parts, or the parts of a whole flow; null if it is neither. */
export function readClip(source: string): Clip | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const format = text(value.format);
  const isKnown = format === FORMAT || FLOW_FORMAT.test(format);
  return isKnown && partsIn(value).length > 0 ? value : null;
}

type Renames = Record<PartKind, Map<string, string>>;

/** Adds the parts under free names. What they refer to among themselves, or has its name here, stays connected. */
export function paste(document: Fields, { clip }: { clip: Clip }): Fields {
  const names = newNames(document, clip);
  const steps = new Set([...namesOf(document, "step"), ...names.step.values()]);
  const outputs = new Set([...namesOf(document, "output"), ...names.output.values()]);
  const isThere = (name: string) => steps.has(name);
  const adapted = (kind: PartKind, fields: Fields): Fields | null => {
    const renamed = renamedTexts(kind, fields, names.step);
    const named = { ...renamed, name: names[kind].get(text(fields.name)) ?? text(fields.name) };
    switch (kind) {
      case "step":
        return withEdges(named, names.step, isThere);
      case "output": {
        const step = names.step.get(text(fields.step)) ?? text(fields.step);
        return isThere(step) ? { ...named, step } : null;
      }
      case "schedule":
      case "task":
        return withOutputs(named, names.output, (name) => outputs.has(name));
      case "endpoint":
        return named;
    }
  };
  const pasted = PART_KINDS.reduce((next, kind) => {
    const added = entriesOf(clip, kind).flatMap((fields) => adapted(kind, fields) ?? []);
    return added.length === 0 ? next : withList(next, kind, [...listOf(next, kind), ...added]);
  }, document);
  return withLayout(pasted, { ...layoutOf(document), ...asideOf(clip, names) });
}

export function duplicate(document: Fields, { ids }: { ids: readonly string[] }): Fields {
  const clip = clipOf(document, ids);
  return partsIn(clip).length === 0 ? document : paste(document, { clip });
}

/** Two entries of one name, as only a broken clip has, would be one: the first counts. */
function entriesOf(clip: Clip, kind: PartKind): Fields[] {
  const seen = new Set<string>();
  return listOf(clip, kind).flatMap((each) => {
    if (!isFields(each) || seen.has(text(each.name))) return [];
    seen.add(text(each.name));
    return [each];
  });
}

function newNames(document: Fields, clip: Clip): Renames {
  const of = (kind: PartKind) => {
    const taken = namesOf(document, kind);
    const names = new Map<string, string>();
    for (const fields of entriesOf(clip, kind)) {
      const name = freeName(text(fields.name), kind, taken);
      taken.add(name);
      names.set(text(fields.name), name);
    }
    return names;
  };
  return {
    endpoint: of("endpoint"),
    schedule: of("schedule"),
    step: of("step"),
    output: of("output"),
    task: of("task"),
  };
}

function renamedTexts(kind: PartKind, fields: Fields, names: Map<string, string>): Fields {
  const changed = [...names].filter(([from, to]) => from !== to);
  const kept = ["name", "kind", "after", "code", "step"];
  if (changed.length === 0 || (kind !== "step" && kind !== "task")) return fields;
  const entries = Object.entries(fields).map(([key, value]) => {
    if (kept.includes(key)) return [key, value];
    // By a name that nothing has: two that swap their names must not meet in between.
    const apart = (template: string) =>
      changed.reduce((each, [from], at) => renameInTemplate(each, from, `\u0001${at}`), template);
    return [key, mapTexts(value, (each) => settled(apart(each), changed))];
  });
  return Object.fromEntries(entries) as Fields;
}

function settled(template: string, changed: (readonly [string, string])[]): string {
  if (!template.includes("\u0001")) return template;
  // eslint-disable-next-line no-control-regex -- the mark that stands for a name for a moment
  return template.replace(/\u0001(\d+)/g, (mark, at) => changed[Number(at)]?.[1] ?? mark);
}

function withEdges(
  step: Fields,
  names: Map<string, string>,
  isThere: (name: string) => boolean,
): Fields {
  if (!Array.isArray(step.after)) return step;
  const after = step.after.flatMap((edge: unknown) => {
    if (!isFields(edge)) return [];
    const from = names.get(text(edge.step)) ?? text(edge.step);
    return isThere(from) ? [{ ...edge, step: from }] : [];
  });
  return withKey(step, "after", after.length > 0 ? after : undefined);
}

function withOutputs(
  part: Fields,
  names: Map<string, string>,
  isThere: (name: string) => boolean,
): Fields {
  const renamed = (list: unknown) =>
    texts(list)
      .map((name) => names.get(name) ?? name)
      .filter(isThere);
  if (isFields(part.object)) {
    return { ...part, object: { ...part.object, outputs: renamed(part.object.outputs) } };
  }
  return Array.isArray(part.outputs) ? { ...part, outputs: renamed(part.outputs) } : part;
}

function asideOf(clip: Clip, names: Renames): Layout {
  const entries = Object.entries(layoutOf(clip)).flatMap(([id, { x, y }]) => {
    const [kind, name] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
    const to = names[kind as PartKind]?.get(name);
    return to === undefined
      ? []
      : [[`${kind}:${to}`, { x: x + ASIDE_PX, y: y + ASIDE_PX }] as const];
  });
  return Object.fromEntries(entries);
}
