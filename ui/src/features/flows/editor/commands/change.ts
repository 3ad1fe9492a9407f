/** Commands that change parts where they are: fields, names, order, the flow's own settings. Pure. */
import { edgesOf, isFields, text, texts, type Fields } from "../../document";
import { mapTexts, renameInTemplate } from "./expressions";
import { renameInLayout } from "./layout";
import { nameMistake } from "./names";
import { find, listOf, mapList, replacePart, withKey, withList } from "./parts";

export interface FieldsOfPart {
  id: string;
  fields: Fields;
}

/** Replaces what a part says. A new name is followed by everything that refers to it; a name it cannot have is not taken. */
export function setFields(document: Fields, { id, fields }: FieldsOfPart): Fields {
  const part = find(document, id);
  if (!part) return document;
  const wanted = text(fields.name);
  if (wanted === part.name) return replacePart(document, part, fields);
  if (nameMistake(document, part.kind, wanted, part.name) !== null) {
    return replacePart(document, part, { ...fields, name: part.fields.name });
  }
  const renamed = rename(replacePart(document, part, { ...fields, name: part.name }), {
    id,
    name: wanted,
  });
  return renamed;
}

/** Renames a part and everything that names it; does nothing if it cannot have the name. */
export function rename(document: Fields, { id, name }: { id: string; name: string }): Fields {
  const part = find(document, id);
  if (!part || nameMistake(document, part.kind, name, part.name) !== null) return document;
  if (part.name === name) return document;
  const own = replacePart(document, part, { ...part.fields, name });
  const moved = renameInLayout(own, id, `${part.kind}:${name}`);
  if (part.kind === "step") return renameStep(moved, part.name, name);
  if (part.kind === "output") return renameOutput(moved, part.name, name);
  return moved;
}

function renameStep(document: Fields, from: string, to: string): Fields {
  const inTemplates = (fields: Fields, kept: string[] = []) => {
    const entries = Object.entries(fields).map(([key, value]) => [
      key,
      kept.includes(key) ? value : mapTexts(value, (each) => renameInTemplate(each, from, to)),
    ]);
    const isSame = entries.every(([key, value]) => value === fields[key as string]);
    return isSame ? fields : (Object.fromEntries(entries) as Fields);
  };
  const waits = mapList(document, "step", (fields) => {
    const after = edgesOf({ name: "", place: "", fields }).some(({ step }) => step === from)
      ? { ...fields, after: (fields.after as unknown[]).map((edge) => follow(edge, from, to)) }
      : fields;
    // A script's code is JavaScript: there are no templates in it.
    return inTemplates(after, ["name", "kind", "after", "code"]);
  });
  const given = mapList(waits, "output", (fields) => follow(fields, from, to) as Fields);
  return mapList(given, "task", (fields) => inTemplates(fields, ["name"]));
}

function follow(value: unknown, from: string, to: string): unknown {
  return isFields(value) && value.step === from ? { ...value, step: to } : value;
}

function renameOutput(document: Fields, from: string, to: string): Fields {
  const renamed = (names: string[]) => names.map((name) => (name === from ? to : name));
  return mapOutputs(document, renamed);
}

/** Changes the lists of outputs that tasks and schedules have. */
export function mapOutputs(document: Fields, change: (names: string[]) => string[]): Fields {
  const inList = (fields: Fields): Fields => {
    const names = texts(fields.outputs);
    const next = change(names);
    const isSame = next.length === names.length && next.every((each, at) => each === names[at]);
    return isSame ? fields : { ...fields, outputs: next };
  };
  const tasks = mapList(document, "task", (fields) => {
    if (!isFields(fields.object)) return fields;
    const object = inList(fields.object);
    return object === fields.object ? fields : { ...fields, object };
  });
  return mapList(tasks, "schedule", (fields) =>
    Array.isArray(fields.outputs) ? inList(fields) : fields,
  );
}

/** Moves a part among those of its kind, up with -1 and down with 1. */
export function reorder(document: Fields, { id, by }: { id: string; by: number }): Fields {
  const part = find(document, id);
  if (!part) return document;
  const list = listOf(document, part.kind);
  const to = Math.min(list.length - 1, Math.max(0, part.at + by));
  if (to === part.at) return document;
  return withList(document, part.kind, list.toSpliced(part.at, 1).toSpliced(to, 0, part.fields));
}

/** The flow's own settings: all keys but its name, its format and its parts. */
export const SETTINGS_KEYS = [
  "title",
  "description",
  "vars",
  "timeout_ms",
  "remote_url",
  "remote_secret",
  "inner_destinations",
  "on_failure",
] as const;

export function settingsOf(document: Fields): Fields {
  return Object.fromEntries(
    SETTINGS_KEYS.flatMap((key) => (key in document ? [[key, document[key]]] : [])),
  );
}

/** Takes over the settings that `fields` has, and takes out those that it has not. */
export function setSettings(document: Fields, { fields }: { fields: Fields }): Fields {
  return SETTINGS_KEYS.reduce<Fields>((next, key) => {
    if (next[key] === fields[key] && key in next === key in fields) return next;
    return withKey(next, key, fields[key]);
  }, document);
}
