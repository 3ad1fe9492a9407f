/** What stands first on the home page, and shares in words. Pure. */
import type { FlowSummary, JobsByEnd, RequestsByVerdict } from "@/api";

const BAD = ["failed", "timed_out"];

/** Flows whose last job failed, then the others by their last job, newest first; those without one at the end. */
export function failuresFirst<Flow extends Pick<FlowSummary, "name" | "last_job">>(
  flows: readonly Flow[],
): Flow[] {
  const rank = ({ last_job }: Flow) => (last_job ? (BAD.includes(last_job.status) ? 0 : 1) : 2);
  return [...flows].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (b.last_job?.id ?? 0) - (a.last_job?.id ?? 0) ||
      a.name.localeCompare(b.name),
  );
}

/** `100 %`, `99.9 %`; what is not whole never looks whole. Empty if there was nothing. */
export function shareWords(share: number | null | undefined): string {
  if (share === null || share === undefined) return "";
  const tenths = Math.floor(share * 1000) / 10;
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)} %`;
}

/** Of the jobs that came to an end of their own, those that ended well; null if there were none. */
export function successShare({ complete, failed, timed_out }: JobsByEnd): number | null {
  const ended = complete + failed + timed_out;
  return ended === 0 ? null : complete / ended;
}

export const requestTotal = ({ accepted, rejected, duplicate, held }: RequestsByVerdict): number =>
  accepted + rejected + duplicate + held;
