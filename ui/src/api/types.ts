/** The shapes of the control API, as its OpenAPI description gives them. */
import type { ExportWorkspaceData } from "./generated/types.gen";

export type * from "./generated/types.gen";

/** As what something is exported. */
export type ExportFormat = NonNullable<NonNullable<ExportWorkspaceData["query"]>["format"]>;

/** The two listeners, as the path of an operation names them. */
export type ListenerName = "receiver" | "control";

/** A page of a list, newest rows first. */
export interface Page<Row> {
  items: Row[];
  /** Give it as `before` to get the next page; null at the end. */
  next: string | null;
  /** Of a search: how far back it has looked. */
  scanned_to?: string | null;
}
