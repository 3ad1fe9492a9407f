/** What of a job, and of a request, is compared: what one looks at when they should have been alike. Pure. */
import type { JobDetail, RequestDetail, StepExecution } from "@/api";

export function jobShape(job: JobDetail): object {
  return {
    status: job.status,
    flow: job.flow,
    version: job.version,
    duration_ms: job.duration_ms ?? null,
    error: job.error && { code: job.error.code, message: job.error.message },
    steps: Object.fromEntries(job.steps.map((step) => [step.name, stepShape(step)])),
    outputs: Object.fromEntries(
      job.outputs.map(({ name, status, data }) => [name, { status, data }]),
    ),
    memory: job.memory,
    webhooks: job.deliveries.map(({ task, event, status, http_status }) => ({
      task,
      event,
      status,
      http_status,
    })),
  };
}

function stepShape(step: StepExecution): object {
  const { kind, status, exit_code, data, error, attempts } = step;
  return {
    kind,
    status,
    exit_code,
    duration_ms: durationOf(attempts),
    attempts: attempts.length,
    error: error && { code: error.code, message: error.message },
    data,
  };
}

function durationOf(attempts: StepExecution["attempts"]): number | null {
  const first = attempts[0];
  const end = attempts.at(-1)?.ended_at;
  return first && end ? Date.parse(end) - Date.parse(first.started_at) : null;
}

export function requestShape(request: RequestDetail, wholeBody?: string): object {
  const { method, path, endpoint, flow, verdict, status, reason, headers, body } = request;
  const text = wholeBody ?? body.text;
  return {
    method,
    path,
    flow,
    endpoint,
    verdict,
    status,
    reason,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    body: text === null ? body.base64 : parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
