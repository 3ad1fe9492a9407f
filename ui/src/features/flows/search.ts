/** What the address of a flow's page may carry. */
export interface FlowSearch {
  /** The node that is selected, as `step:ship`. */
  node?: string | undefined;
}

export function flowSearch(raw: Record<string, unknown>): FlowSearch {
  return typeof raw.node === "string" ? { node: raw.node } : {};
}
