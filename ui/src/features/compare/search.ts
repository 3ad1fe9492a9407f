/** What the address of a comparison carries: two jobs or two requests, the older one first. */
export interface CompareSearch {
  kind: "jobs" | "requests";
  a: string;
  b: string;
}

export function compareSearch(raw: Record<string, unknown>): CompareSearch {
  return {
    kind: raw.kind === "requests" ? "requests" : "jobs",
    a: idOf(raw.a),
    b: idOf(raw.b),
  };
}

const idOf = (raw: unknown) =>
  typeof raw === "string" ? raw : typeof raw === "number" ? String(raw) : "";
