/** Edges between steps: reading them, exit codes, and what may be connected. Pure. */
import { edgesOf, isFields, text, texts, type Edge, type Fields } from "../../document";
import { END_ID } from "../../graph";
import { find, partsIn, replacePart, withKey, type Located, type PartKind } from "./parts";

export const afterOf = (step: Located): Edge[] => edgesOf({ ...step, place: "" });

/** The exit codes that a step of this kind is known to end with. Scripts and remote steps may have their own. */
export function knownCodes(fields: Fields): string[] {
  switch (fields.kind) {
    case "condition":
      return ["true", "false", "error"];
    case "switch": {
      const cases = isFields(fields.cases) ? Object.keys(fields.cases) : [];
      const otherwise = text(fields.default);
      return [...new Set([...cases, ...(otherwise ? [otherwise] : []), "error"])];
    }
    case "fail":
      return [text(fields.exit_code) || "error"];
    default:
      return ["success", "error"];
  }
}

/** What a new edge from this step is taken on: the first branch that has none yet. */
export function nextCodes(document: Fields, from: Located): string[] {
  const used = new Set(
    partsIn(document)
      .filter(({ kind }) => kind === "step")
      .flatMap(afterOf)
      .flatMap(({ step, on }) => (step === from.name ? on : [])),
  );
  const isFork = from.fields.kind === "condition" || from.fields.kind === "switch";
  const known = knownCodes(from.fields);
  const free = isFork ? known.find((code) => !used.has(code)) : known[0];
  return [free ?? known[0] ?? "success"];
}

/** Sets the edge of a step from another; without codes it goes. Other keys of an edge stay in their place. */
export function withEdge(step: Fields, from: string, on: string[]): Fields {
  const after = Array.isArray(step.after) ? step.after : [];
  const isOurs = (each: unknown) => isFields(each) && each.step === from;
  if (on.length === 0)
    return withAfter(
      step,
      after,
      after.filter((each) => !isOurs(each)),
    );
  const first = after.findIndex(isOurs);
  if (first < 0) return { ...step, after: [...after, { step: from, on }] };
  const kept = after.filter((each, at) => at === first || !isOurs(each));
  return { ...step, after: kept.map((each) => (isOurs(each) ? { ...each, on } : each)) };
}

/** A step that waits for nothing has no `after`, and a join of one edge says nothing. */
function withAfter(step: Fields, before: unknown[], after: unknown[]): Fields {
  if (after.length === before.length) return step;
  return withKey(step, "after", after.length > 0 ? after : undefined);
}

/** Whether `name` comes, over any way, after the step `above`. */
export function isBelow(document: Fields, name: string, above: string): boolean {
  const steps = new Map(
    partsIn(document).flatMap((part) => (part.kind === "step" ? [[part.name, part]] : [])),
  );
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === above) return true;
    const step = steps.get(next);
    if (seen.has(next) || !step) continue;
    seen.add(next);
    open.push(...afterOf(step).map((edge) => edge.step));
  }
  return false;
}

export type Refusal = "same" | "circle" | "kinds" | "start" | "missing";

/** Why two nodes cannot be connected; null if they can. */
export function refusal(document: Fields, fromId: string, toId: string): Refusal | null {
  if (fromId === toId) return "same";
  const from = fromId === END_ID ? "end" : find(document, fromId);
  const to = find(document, toId);
  if (!from || !to) return "missing";
  const kinds: [PartKind | "end", PartKind] = [from === "end" ? "end" : from.kind, to.kind];
  switch (kinds.join(">")) {
    case "step>step":
      return isBelow(document, nameOf(from), to.name) ? "circle" : null;
    case "step>output":
    case "output>task":
    case "end>task":
      return null;
    case "endpoint>step":
    case "schedule>step":
      return "start";
    default:
      return "kinds";
  }
}

const nameOf = (part: Located | "end") => (part === "end" ? "" : part.name);

export interface Connection {
  from: string;
  to: string;
  /** The exit codes; without, those that fit. Only an edge between steps has them. */
  on?: string[];
}

/** Adds the edge, or its codes to the one that is there; an output takes the step, a task the output. */
export function connect(document: Fields, { from, to, on }: Connection): Fields {
  if (refusal(document, from, to) !== null) return document;
  const target = find(document, to);
  const source = find(document, from);
  if (!target) return document;
  if (target.kind === "task") return connectTask(document, target, source);
  if (!source) return document;
  if (target.kind === "output") {
    return replacePart(document, target, { ...target.fields, step: source.name });
  }
  const codes = on && on.length > 0 ? on : nextCodes(document, source);
  const known = afterOf(target).find(({ step }) => step === source.name);
  const all = [...new Set([...(known?.on ?? []), ...codes])];
  return replacePart(document, target, withEdge(target.fields, source.name, all));
}

function connectTask(document: Fields, task: Located, output: Located | undefined): Fields {
  if (!output) return replacePart(document, task, { ...task.fields, object: "any_job" });
  const { object } = task.fields;
  const outputs = isFields(object) ? texts(object.outputs) : [];
  const all = [...new Set([...outputs, output.name])];
  const kept = isFields(object) ? object : {};
  return replacePart(document, task, { ...task.fields, object: { ...kept, outputs: all } });
}

/** Takes the edge out. An output stays on its step: it is nothing without one. */
export function disconnect(document: Fields, { from, to }: Omit<Connection, "on">): Fields {
  const source = find(document, from);
  const target = find(document, to);
  if (!source || !target) return document;
  if (source.kind === "step" && target.kind === "step") {
    return replacePart(document, target, withEdge(target.fields, source.name, []));
  }
  const { object } = target.fields;
  if (source.kind === "output" && target.kind === "task" && isFields(object)) {
    const outputs = texts(object.outputs).filter((name) => name !== source.name);
    return replacePart(document, target, { ...target.fields, object: { ...object, outputs } });
  }
  return document;
}

/** Says anew on which exit codes an edge is taken; with none it goes. */
export function setCodes(document: Fields, { from, to, on = [] }: Connection): Fields {
  const source = find(document, from);
  const target = find(document, to);
  if (source?.kind !== "step" || target?.kind !== "step") return document;
  if (!afterOf(target).some(({ step }) => step === source.name)) return document;
  const codes = [...new Set(on)];
  return replacePart(document, target, withEdge(target.fields, source.name, codes));
}
