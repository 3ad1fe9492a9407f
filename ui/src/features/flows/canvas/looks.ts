/** What a card or a line shows beside the document: the state in a job, what differs, what was found. */
export type Mark = "added" | "removed" | "changed";

export interface CardLook {
  /** The state of the step in the job that is shown. */
  status?: string | undefined;
  mark?: Mark | undefined;
  isFound?: boolean | undefined;
  /** Trials take pinned data in its place. */
  isPinned?: boolean | undefined;
}

export interface EdgeLook {
  mark?: Mark | undefined;
  /** The job went this way. */
  isTaken?: boolean | undefined;
}

export interface Looks {
  cards: ReadonlyMap<string, CardLook>;
  edges: ReadonlyMap<string, EdgeLook>;
}

export const PLAIN: Looks = { cards: new Map(), edges: new Map() };
