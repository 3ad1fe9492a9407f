/** Where this UI runs. The only place that chooses between the desktop app and a browser tab. */
import { browser } from "./browser";
import type { Platform } from "./types";

export type {
  ChangeEvent,
  Closing,
  CommandOffer,
  EditAsk,
  LiveListener,
  LiveState,
  Platform,
  Shell,
  ShellAsk,
  WindowSettings,
} from "./types";
export { keepLanguageSound } from "./language";
export { isNotLoaded, orNotLoaded } from "./notLoaded";
export { ShellRefusal } from "./types";
export { exchangeCode, session, takeCode, tryToken } from "./session";

export const inDesktop = "__TAURI_INTERNALS__" in globalThis;

// The desktop half is loaded on demand: a browser never pays for it.
const chosen: Promise<Platform> = inDesktop
  ? import("./desktop").then((module) => module.desktop)
  : Promise.resolve(browser);

/** The window of the app; only there. */
export const loadShell = () => import("./desktop").then((module) => module.shell);

export const platform: Pick<Platform, "fetch" | "listen" | "save"> = {
  fetch: async (request) => (await chosen).fetch(request),
  save: async (name, content) => (await chosen).save(name, content),
  listen(listener) {
    let stop: (() => void) | undefined;
    let stopped = false;
    void chosen.then((home) => {
      if (!stopped) stop = home.listen(listener);
    });
    return () => {
      stopped = true;
      stop?.();
    };
  },
};
