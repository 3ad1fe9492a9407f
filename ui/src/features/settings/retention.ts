/** How long the history is kept, as a person types it: an empty field bounds nothing. Pure. */
import type { Retention } from "@/api";

export const DAYS_MAX = 3650;
/** Hookloom's own bound is ten megabytes. */
export const GIGABYTES_MIN = 0.01;
const GIGABYTE = 1e9;

export interface TypedRetention {
  days: string;
  gigabytes: string;
}

export function typedOf({ days, bytes_max }: Retention): TypedRetention {
  return {
    days: typeof days === "number" ? String(days) : "",
    gigabytes: typeof bytes_max === "number" ? String(bytes_max / GIGABYTE) : "",
  };
}

/** Null for what is no number in its bounds. */
export function daysOf(typed: string): { days: number | null } | null {
  if (typed.trim() === "") return { days: null };
  const days = Number(typed);
  return Number.isInteger(days) && days >= 1 && days <= DAYS_MAX ? { days } : null;
}

export function bytesOf(typed: string): { bytes_max: number | null } | null {
  if (typed.trim() === "") return { bytes_max: null };
  const gigabytes = Number(typed.replace(",", "."));
  if (!(gigabytes >= GIGABYTES_MIN && gigabytes <= 1e6)) return null;
  return { bytes_max: Math.round(gigabytes * GIGABYTE) };
}

/** Whether the new bounds may delete what the old ones keep. */
export function keepsLess(old: Retention, next: Retention): boolean {
  const isLess = (before: number | null | undefined, now: number | null | undefined) =>
    (now ?? Infinity) < (before ?? Infinity);
  return isLess(old.days, next.days) || isLess(old.bytes_max, next.bytes_max);
}
