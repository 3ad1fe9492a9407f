/**
 * The parts of a flow document that the screens read. A draft may be wrong in any way: everything
 * here is optional, and what has the wrong shape is left out.
 */
export type Fields = Record<string, unknown>;

export interface Edge {
  step: string;
  on: string[];
}

export interface Part {
  name: string;
  /** The JSON pointer of the part in its document. */
  place: string;
  fields: Fields;
}

export interface FlowParts {
  endpoints: Part[];
  schedules: Part[];
  steps: Part[];
  outputs: Part[];
  tasks: Part[];
}

export function partsOf(document: unknown): FlowParts {
  const root = isFields(document) ? document : {};
  return {
    endpoints: list(root, "endpoints"),
    schedules: list(root, "schedules"),
    steps: list(root, "steps"),
    outputs: list(root, "outputs"),
    tasks: list(root, "webhook_tasks"),
  };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Where a step waits; an edge without `on` is taken on success. */
export function edgesOf(step: Part): Edge[] {
  const after = Array.isArray(step.fields.after) ? step.fields.after : [];
  return after.filter(isFields).map((edge) => ({
    step: text(edge.step),
    on: edge.on === undefined ? ["success"] : texts(edge.on),
  }));
}

/** The outputs that a webhook task is for; null if it is for every job. */
export function taskOutputs(task: Part): string[] | null {
  const { object } = task.fields;
  return isFields(object) ? texts(object.outputs) : null;
}

function list(root: Fields, key: string): Part[] {
  const items = root[key];
  if (!Array.isArray(items)) return [];
  return items.flatMap((fields, at) =>
    isFields(fields) ? [{ name: text(fields.name), place: `/${key}/${at}`, fields }] : [],
  );
}
