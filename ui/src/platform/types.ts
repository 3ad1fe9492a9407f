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

/** What the shell asks of the page. */
export type ShellAsk =
  { ask: "open"; address: string } | { ask: "say"; message: string } | { ask: "close" };

/** What closing the window of the app does. */
export type Closing = "ask" | "keep" | "quit";

export interface WindowSettings {
  closing: Closing;
  /** Alerts are told on the desktop. */
  notifications: boolean;
  /** The app starts at login, without its window. */
  at_login: boolean;
  /** Whether there is a tray that a closed window goes to. */
  has_tray: boolean;
}

/** The window of the app, as its page may speak with it. */
export interface Shell {
  /** What the shell asks, from now on and since the app began. */
  listen(onAsk: (ask: ShellAsk) => void): Promise<void>;
  settings(): Promise<WindowSettings>;
  change(change: Partial<Omit<WindowSettings, "has_tray">>): Promise<WindowSettings>;
  /** The answer to `close`: go on without the window, end, or leave it open. */
  close(isKept: boolean | null, isAlways: boolean): Promise<void>;
  /** Closes the window as its own button does. */
  askToClose(): Promise<void>;
  quit(): Promise<void>;
}

export interface Platform {
  kind: "desktop" | "browser";
  /** Sends one call of the control API. Rejects only if no answer could be had. */
  fetch(request: Request): Promise<Response>;
  /** Live updates until the returned function is called; reconnects by itself. */
  listen(listener: LiveListener): () => void;
  /** Keeps a file for the person. Gives its path, or null where the browser asks for one and says it. */
  save(name: string, content: Blob): Promise<string | null>;
}
