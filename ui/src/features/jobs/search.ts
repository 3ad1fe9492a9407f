/** What the address of the jobs' pages may carry. */
import type { JobStatus } from "@/api";

export const JOB_STATUSES = [
  "queued",
  "running",
  "waiting",
  "complete",
  "failed",
  "canceled",
  "timed_out",
] as const satisfies JobStatus[];

export interface JobsSearch {
  status?: JobStatus | undefined;
  flow?: string | undefined;
  /** Words in the reasons of failures. */
  search?: string | undefined;
}

export function jobsSearch(raw: Record<string, unknown>): JobsSearch {
  const status = JOB_STATUSES.find((each) => each === raw.status);
  return {
    ...(status ? { status } : {}),
    ...(typeof raw.flow === "string" ? { flow: raw.flow } : {}),
    ...(typeof raw.search === "string" ? { search: raw.search } : {}),
  };
}

export const JOB_TABS = ["overview", "steps", "webhooks", "request", "journal"] as const;
export type JobTab = (typeof JOB_TABS)[number];

export interface JobSearch {
  tab?: JobTab | undefined;
  /** The step or delivery that is looked at. */
  item?: string | undefined;
}

export function jobSearch(raw: Record<string, unknown>): JobSearch {
  const tab = JOB_TABS.find((each) => each === raw.tab);
  return {
    ...(tab ? { tab } : {}),
    ...(typeof raw.item === "string" ? { item: raw.item } : {}),
  };
}
