/** What the two homes of the UI (desktop window, browser tab) have in common. */

export interface ChangeEvent {
  tags: string[];
  rows: { list: string; row: unknown }[];
}

export type LiveState = "connecting" | "open" | "broken";

export interface LiveListener {
  onChange(event: ChangeEvent): void;
  onState(state: LiveState): void;
}

/** The desktop app's own reason for not answering, such as a data folder that another process owns. */
export class ShellRefusal extends Error {}

export interface Platform {
  kind: "desktop" | "browser";
  /** Sends one call of the control API. Rejects only if no answer could be had. */
  fetch(request: Request): Promise<Response>;
  /** Live updates until the returned function is called; reconnects by itself. */
  listen(listener: LiveListener): () => void;
  /** Keeps a file for the person. Gives its path, or null where the browser asks for one and says it. */
  save(name: string, content: Blob): Promise<string | null>;
}
