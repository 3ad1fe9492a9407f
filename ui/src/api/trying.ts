/** Trying things out: what a template gives, which names there are, one step alone, a whole draft. */
import { dataOf } from "./client";
import { client } from "./generated/client.gen";

export type PreviewKind = "text" | "json" | "form" | "xml" | "url" | "header" | "value";

export interface TemplateToPreview {
  flow: string;
  /** The draft as it is on the screen. */
  document?: object;
  /** The JSON pointer of the part that the text stands in. */
  place: string;
  job_id?: number;
  text: string;
  kind: PreviewKind;
  in_task?: boolean;
}

export type ValueType = "string" | "number" | "boolean" | "null" | "object" | "array" | "text";

export interface TemplatePreview {
  job_id: number | null;
  result: { type: ValueType; text: string; value?: unknown } | null;
  error: { message: string; offset: number; length: number; nearest?: string | null } | null;
}

export type NameSource =
  "job" | "trigger" | "steps" | "memory" | "vars" | "secrets" | "secretState";

export interface KnownName {
  expression: string;
  type: string | null;
  sample: string | null;
  source: NameSource;
}

export interface KnownNames {
  job_id: number | null;
  names: KnownName[];
  filters: { name: string; description: string }[];
}

export interface StepTry {
  document?: object;
  step: string;
  job_id?: number;
  /** Data that stands for what a step before it gave. */
  pins?: Record<string, unknown>;
  input?: { headers?: Record<string, string>; body?: unknown; query?: Record<string, unknown> };
}

interface TriedMessage {
  headers: { name: string; value: string }[];
  body: string | null;
  body_bytes: number;
  body_truncated: boolean;
}

export interface StepTried {
  status: string;
  exit_code: string | null;
  data: unknown;
  error: { code: string; message: string } | null;
  log: string[];
  duration_ms: number;
  exchange?: {
    request: TriedMessage & { method: string; url: string };
    response: (TriedMessage & { status: number }) | null;
  } | null;
}

export interface DraftRun {
  draft: true;
  request_id?: string;
  input?: unknown;
  headers?: Record<string, string>;
  outputs?: string[];
  pins?: Record<string, unknown>;
  send_tasks?: boolean;
}

export const previewTemplate = (body: TemplateToPreview) =>
  dataOf(
    client.post<{ 200: TemplatePreview }>({ url: "/api/v1/templates/preview", ...json(body) }),
  );

export const listNames = (flow: string, place: string, jobId?: number) =>
  dataOf(
    client.get<{ 200: KnownNames }>({
      url: "/api/v1/flows/{name}/names",
      path: { name: flow },
      query: jobId === undefined ? { place } : { place, job_id: jobId },
    }),
  );

export const tryStep = (flow: string, body: StepTry) =>
  dataOf(
    client.post<{ 200: StepTried }>({
      url: "/api/v1/flows/{name}/steps/try",
      path: { name: flow },
      ...json(body),
    }),
  );

export const runDraft = (flow: string, body: DraftRun) =>
  dataOf(
    client.post<{ 200: { job_id: number; request_id: string } }>({
      url: "/api/v1/flows/{name}/run",
      path: { name: flow },
      ...json(body),
    }),
  );

export const getFlowSchema = () =>
  dataOf(client.get<{ 200: Record<string, unknown> }>({ url: "/api/v1/schema/flow" }));

function json(body: object) {
  return { body, headers: { "Content-Type": "application/json" } };
}
