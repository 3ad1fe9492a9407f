/** Where a step's bar stands in the time of its job. Pure. */
import type { JobDetail, StepExecution } from "@/api";

interface Span {
  from: number;
  to: number;
}

function spanOf(step: StepExecution): Span | null {
  const first = step.attempts[0];
  const last = step.attempts.at(-1);
  if (!first || !last) return null;
  const from = Date.parse(first.started_at);
  return { from, to: Math.max(from, Date.parse(last.ended_at ?? last.started_at)) };
}

/** From the first attempt's start to the last one's end; null while it is not over. */
export function stepDurationMs(step: StepExecution): number | null {
  const span = spanOf(step);
  if (!span || !step.attempts.at(-1)?.ended_at) return null;
  return span.to - span.from;
}

/** Left edge and width in percent of the whole job. */
export function stepBar(
  job: Pick<JobDetail, "queued_at" | "started_at" | "ended_at" | "steps">,
  step: StepExecution,
): { left: number; width: number } | null {
  const span = spanOf(step);
  if (!span) return null;
  const begin = Date.parse(job.started_at ?? job.queued_at);
  const ends = job.steps.map((each) => spanOf(each)?.to ?? begin);
  const end = Math.max(job.ended_at ? Date.parse(job.ended_at) : begin, ...ends);
  const total = Math.max(1, end - begin);
  const left = Math.min(99, (Math.max(0, span.from - begin) / total) * 100);
  const width = Math.min(100 - left, ((span.to - span.from) / total) * 100);
  return { left, width };
}
