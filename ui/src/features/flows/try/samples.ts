/**
 * One test message per flow: what its endpoint is tried with, and what a trial of the flow begins with. It is kept in this
 * browser, like a pin, and live jobs never see it. A request of the history becomes one.
 */
import { create } from "zustand";
import { installation, useInstallation, type NameAndValue } from "@/api";

export interface Sample {
  endpoint: string;
  method: string;
  /** Only where the endpoint has a path of its own. */
  path?: string;
  headers: NameAndValue[];
  query: NameAndValue[];
  body: string;
  /** The request that it was made from, `mqr_…`. */
  request_id: string | null;
}

const KEY = "hookloom.tests";
/** A browser keeps few megabytes in all: a larger one would drive out the others. */
export const SAMPLE_CHARS_MAX = 500_000;

/** By installation and flow. */
const useSamples = create<{ kept: Record<string, Sample> }>(() => ({ kept: read() }));

const placeOf = (installed: string, flow: string) => `${installed} ${flow}`;

/** False if it is too large to be kept, or the browser keeps nothing. */
export async function setSample(flow: string, sample: Sample): Promise<boolean> {
  if (JSON.stringify(sample).length > SAMPLE_CHARS_MAX) return false;
  const kept = { ...useSamples.getState().kept, [placeOf(await installation(), flow)]: sample };
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    return false;
  }
  useSamples.setState({ kept });
  return true;
}

/** The one of a flow as it is now: the caller is drawn again when it changes. */
export function useSample(flow: string): Sample | undefined {
  const installed = useInstallation();
  return useSamples(({ kept }) =>
    installed === undefined ? undefined : kept[placeOf(installed, flow)],
  );
}

function read(): Record<string, Sample> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, Sample>) : {};
  } catch {
    return {};
  }
}

/** What a trial of the flow begins with: its trigger, as far as the message says it. */
export function triggerOf({ headers, query, body }: Sample) {
  return {
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    query: Object.fromEntries(query.map(({ name, value }) => [name, value])),
    input: jsonOf(body),
  };
}

/** A body that is no JSON is its text. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
