/**
 * One sample per flow: what a trial of the flow begins with. It is kept in this browser, like a pin, and live jobs never
 * see it. A request of the history becomes one; whoever tries a flow reads it.
 */
import { create } from "zustand";

export interface Sample {
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The parsed body: JSON where it was JSON, else its text. */
  body: unknown;
  /** The request that it was made from, `mqr_…`. */
  request_id: string | null;
}

const KEY = "hookloom.samples";
/** A browser keeps few megabytes in all: a larger sample would drive out the others. */
export const SAMPLE_CHARS_MAX = 500_000;

const useSamples = create<{ byFlow: Record<string, Sample> }>(() => ({ byFlow: read() }));

/** False if it is too large to be kept, or the browser keeps nothing. */
export function setSample(flow: string, sample: Sample): boolean {
  if (JSON.stringify(sample).length > SAMPLE_CHARS_MAX) return false;
  return keep({ ...useSamples.getState().byFlow, [flow]: sample });
}

export function getSample(flow: string): Sample | undefined {
  return useSamples.getState().byFlow[flow];
}

export function removeSample(flow: string): void {
  const others = Object.entries(useSamples.getState().byFlow).filter(([name]) => name !== flow);
  keep(Object.fromEntries(others));
}

/** The sample as it is now: the caller is drawn again when it changes. */
export const useSample = (flow: string): Sample | undefined =>
  useSamples(({ byFlow }) => byFlow[flow]);

function keep(byFlow: Record<string, Sample>): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(byFlow));
  } catch {
    return false;
  }
  useSamples.setState({ byFlow });
  return true;
}

function read(): Record<string, Sample> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, Sample>) : {};
  } catch {
    return {};
  }
}
