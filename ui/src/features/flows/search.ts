/** What the address of a flow's page may carry. */
export interface FlowSearch {
  /** The node that is selected, as `step:ship`. */
  node?: string | undefined;
  /** The job that is shown on the drawing. */
  job?: number | undefined;
}

export function flowSearch(raw: Record<string, unknown>): FlowSearch {
  const job = Number(raw.job);
  return {
    ...(typeof raw.node === "string" ? { node: raw.node } : {}),
    ...(Number.isSafeInteger(job) && job > 0 ? { job } : {}),
  };
}
