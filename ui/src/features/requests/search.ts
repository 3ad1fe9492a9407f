/** What the address of the requests' page may carry. */
import type { Verdict } from "@/api";

export const VERDICTS = ["accepted", "rejected", "duplicate", "held"] as const satisfies Verdict[];

export interface RequestsSearch {
  verdict?: Verdict | undefined;
  flow?: string | undefined;
  /** Words in headers and bodies. */
  search?: string | undefined;
  id?: string | undefined;
}

export function requestsSearch(raw: Record<string, unknown>): RequestsSearch {
  const verdict = VERDICTS.find((each) => each === raw.verdict);
  return {
    ...(verdict ? { verdict } : {}),
    ...(typeof raw.flow === "string" ? { flow: raw.flow } : {}),
    ...(typeof raw.search === "string" ? { search: raw.search } : {}),
    ...(typeof raw.id === "string" ? { id: raw.id } : {}),
  };
}
