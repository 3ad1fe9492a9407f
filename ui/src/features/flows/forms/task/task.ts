/** The names and numbers of a webhook task's settings. Pure. */
import type { Fields } from "../../document";

export const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;
export const TASK_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((name) => ({
  value: name,
  label: name,
}));
export const TIMEOUT_USUAL_MS = 30_000;
export const TIMEOUT_MAX_MS = 600_000;

/** The waits between attempts, if a task names none. */
export const WAITS_USUAL_MS: readonly number[] = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000,
];
export const WAITS_MAX = 20;
export const WAIT_MAX_MS = 604_800_000;

export const withBody = (method: string): boolean => ["POST", "PUT", "PATCH"].includes(method);

/** The waits of a task as they are, or those that hold without. */
export function waitsOf(fields: Fields): readonly number[] {
  const { schedule_ms } = fields;
  if (!Array.isArray(schedule_ms)) return WAITS_USUAL_MS;
  return schedule_ms.filter((each): each is number => typeof each === "number");
}

/** How long the last attempt comes after the first, without the attempts themselves. */
export const lastAttemptAfter = (waits: readonly number[]): number =>
  waits.reduce((sum, wait) => sum + wait, 0);
