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
  | { ask: "open"; address: string }
  | { ask: "say"; message: string }
  | { ask: "close" }
  | { ask: "run"; command: string; page: string | null }
  | { ask: "edit"; what: EditAsk };

/** What the menu bar's Edit does through the page; the rest of it is the system's. */
export type EditAsk = "undo" | "redo" | "selectAll";

/** What the menu bar shows of the commands: their words and keys are the page's. */
export interface CommandOffer {
  words: { menus: Record<string, string>; items: Record<string, string> };
  commands: { id: string; label: string; key: string | null }[];
  /** The keys of those, too, that cannot be run now. */
  keys: Record<string, string>;
}

/** What closing the window of the app does. */
export type Closing = "ask" | "keep" | "quit";

export interface WindowSettings {
  closing: Closing;
  /** Alerts are told on the desktop. */
  notifications: boolean;
  /** The app starts at login, without its window. */
  at_login: boolean;
  /** The window has a menu bar; null where every app has one. */
  menu_bar: boolean | null;
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
  /** What can be run now, for the menu bar. */
  offerCommands(offer: CommandOffer): Promise<void>;
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
