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

type JobTimes = Pick<JobDetail, "queued_at" | "started_at" | "ended_at" | "steps">;

export interface Bar {
  /** Of the whole job, in percent. */
  left: number;
  width: number;
}

/** The whole job's time: from its start to its end, or to the last thing that is known of it. */
function jobSpan(job: JobTimes): Span {
  const from = Date.parse(job.started_at ?? job.queued_at);
  const ends = job.steps.map((each) => spanOf(each)?.to ?? from);
  return { from, to: Math.max(from + 1, job.ended_at ? Date.parse(job.ended_at) : from, ...ends) };
}

function place(job: Span, { from, to }: Span): Bar {
  const total = job.to - job.from;
  const left = Math.min(99, (Math.max(0, from - job.from) / total) * 100);
  return { left, width: Math.min(100 - left, ((to - from) / total) * 100) };
}

/** From a step's first attempt to the end of its last; what lies between attempts is waiting. */
export function stepBar(job: JobTimes, step: StepExecution): Bar | null {
  const span = spanOf(step);
  return span && place(jobSpan(job), span);
}

/** One bar per attempt. An attempt that goes on ends where the job's time does. */
export function attemptBars(job: JobTimes, step: StepExecution): Bar[] {
  const whole = jobSpan(job);
  return step.attempts.map(({ started_at, ended_at }) => {
    const from = Date.parse(started_at);
    return place(whole, { from, to: ended_at ? Date.parse(ended_at) : Math.max(from, whole.to) });
  });
}

export interface Tick {
  left: number;
  /** Milliseconds since the job's start. */
  at: number;
}

const TICKS_MAX = 5;

/** Round times along the job: 1, 2 or 5 times a power of ten apart. */
export function ticks(job: JobTimes): Tick[] {
  const { from, to } = jobSpan(job);
  const total = to - from;
  const rough = Math.max(1, total / TICKS_MAX);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const count = Math.floor(total / step);
  return Array.from({ length: count + 1 }, (_, n) => ({
    at: n * step,
    left: ((n * step) / total) * 100,
  }));
}
