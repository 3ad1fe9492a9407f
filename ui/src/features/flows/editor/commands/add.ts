/** Commands that add parts. Pure: `(document, arguments) → document`. */
import { text, type Fields } from "../../document";
import { afterOf, nextCodes, withEdge } from "./edges";
import { freeName } from "./names";
import {
  find,
  insertPart,
  listOf,
  namesOf,
  partsIn,
  replacePart,
  type Located,
  type PartKind,
} from "./parts";

/** The kinds of steps that Hookloom can run, in the order in which they are offered. */
export const STEP_KINDS = [
  "http",
  "script",
  "set",
  "condition",
  "switch",
  "respond",
  "remote",
  "llm",
  "delay",
  "fail",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** What a new step of a kind begins with: as little as shows what belongs there. */
const BEGIN: Record<StepKind, Fields> = {
  http: { method: "GET", url: "" },
  script: { code: "return {};\n" },
  set: { values: {} },
  condition: { expression: "" },
  switch: { expression: "", cases: {}, default: "other" },
  respond: { status: 200, headers: { "Content-Type": "application/json" }, body: "{}" },
  remote: { url: "" },
  llm: { url: "", model: "", prompt: "" },
  delay: { for_ms: 1000 },
  fail: { message: "" },
};

const STEP_NAMES: Partial<Record<StepKind, string>> = {
  http: "call",
  set: "values",
  llm: "ask",
};

export interface NewStep {
  kind: StepKind;
  /** The node that it comes after; without, it starts with the job. */
  after?: string | undefined;
  on?: string[];
}

export function addStep(document: Fields, { kind, after, on }: NewStep): Fields {
  const source = after === undefined ? undefined : find(document, after);
  const step = newStep(document, kind);
  if (source?.kind !== "step") {
    return insertPart(document, "step", listOf(document, "step").length, step);
  }
  const codes = on && on.length > 0 ? on : nextCodes(document, source);
  const below = withEdge(step, source.name, codes);
  return insertPart(document, "step", source.at + 1, below);
}

export interface Between {
  from: string;
  to: string;
  kind: StepKind;
}

/** The new step takes over the edge, and what followed follows it. */
export function insertStep(document: Fields, { from, to, kind }: Between): Fields {
  const source = find(document, from);
  const target = find(document, to);
  if (!source || !target) return document;
  const step = newStep(document, kind);
  const name = text(step.name);
  const codes = firstCodes(step);
  if (target.kind === "output") {
    if (source.kind !== "step" || target.fields.step !== source.name) return document;
    const moved = replacePart(document, target, { ...target.fields, step: name });
    return insertPart(moved, "step", source.at + 1, withEdge(step, source.name, ["success"]));
  }
  if (target.kind !== "step") return document;
  if (source.kind !== "step") {
    const isStart = source.kind === "endpoint" || source.kind === "schedule";
    if (!isStart || afterOf(target).length > 0) return document;
    const waits = replacePart(document, target, withEdge(target.fields, name, codes));
    return insertPart(waits, "step", target.at, step);
  }
  const on = afterOf(target).find((edge) => edge.step === source.name)?.on ?? [];
  if (on.length === 0) return document;
  const loose = withEdge(target.fields, source.name, []);
  const waits = replacePart(document, target, withEdge(loose, name, codes));
  return insertPart(waits, "step", source.at + 1, withEdge(step, source.name, on));
}

const firstCodes = (step: Fields) => (step.kind === "condition" ? ["true"] : ["success"]);

function newStep(document: Fields, kind: StepKind): Fields {
  const name = freeName(STEP_NAMES[kind] ?? kind, "step", namesOf(document, "step"));
  return { name, kind, ...BEGIN[kind] };
}

export interface NewPart {
  kind: Exclude<PartKind, "step">;
  /** What it hangs on: an output its step, a task its output. */
  after?: string | undefined;
  /** Its fields, as a wizard made them; the usual ones without. */
  fields?: Fields | undefined;
}

export function addPart(document: Fields, { kind, after, fields: given }: NewPart): Fields {
  const source = after === undefined ? undefined : find(document, after);
  const fields = given ?? newPart(document, kind, source);
  return insertPart(document, kind, listOf(document, kind).length, fields);
}

function newPart(document: Fields, kind: NewPart["kind"], source: Located | undefined): Fields {
  const free = (wanted: string) => freeName(wanted, kind, namesOf(document, kind));
  switch (kind) {
    case "endpoint":
      return newEndpoint(free(text(document.name) || "endpoint"));
    case "schedule":
      return { name: free("nightly"), cron: "0 2 * * *", time_zone: zoneHere() };
    case "output": {
      const steps = partsIn(document).filter((part) => part.kind === "step");
      const step = source?.kind === "step" ? source : steps.at(-1);
      return { name: free("result"), step: step?.name ?? "" };
    }
    case "task":
      return {
        name: free("Tell somebody"),
        url: "",
        method: "POST",
        event: "job_finished",
        object: source?.kind === "output" ? { outputs: [source.name] } : "any_job",
        headers: { "Content-Type": "application/json" },
        body: '{"text": "Job $jobId has completed. Status: $jobStatus."}',
      };
  }
}

/** Closed until somebody says who may call: its key is a secret that has to be set. */
export function newEndpoint(name: string): Fields {
  return {
    name,
    methods: ["POST"],
    mode: "async",
    auth: { kind: "shared_key", secret: `${name.replaceAll("-", "_")}_key`.slice(0, 64) },
    header_memory: "requestHeaders",
    body_memory: "requestBody",
  };
}

function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
