/** Every word on the screen comes from `en/*.json`, by key; a missing key does not compile. */
import i18next, { type i18n } from "i18next";
import { initReactI18next, type useTranslation as LibraryHook } from "react-i18next";
import type backup from "./en/backup.json";
import common from "./en/common.json";
import type compare from "./en/compare.json";
import type deliveries from "./en/deliveries.json";
import type desktop from "./en/desktop.json";
import type editor from "./en/editor.json";
import type exchange from "./en/exchange.json";
import type flows from "./en/flows.json";
import type forms from "./en/forms.json";
import home from "./en/home.json";
import type jobs from "./en/jobs.json";
import type parts from "./en/parts.json";
import type requests from "./en/requests.json";
import type settings from "./en/settings.json";
import type updates from "./en/updates.json";
import type ways from "./en/ways.json";
import type workspace from "./en/workspace.json";
import { lengthen } from "./pseudo";

interface Texts {
  backup: typeof backup;
  common: typeof common;
  compare: typeof compare;
  deliveries: typeof deliveries;
  desktop: typeof desktop;
  editor: typeof editor;
  exchange: typeof exchange;
  flows: typeof flows;
  forms: typeof forms;
  home: typeof home;
  jobs: typeof jobs;
  parts: typeof parts;
  requests: typeof requests;
  settings: typeof settings;
  updates: typeof updates;
  ways: typeof ways;
  workspace: typeof workspace;
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: Texts;
  }
}

/** A made-up language with longer words, to find what would not fit: set this key to `pseudo`. */
const LANGUAGE_KEY = "hookloom.language";

/** The rooms' texts come with the room; what is on every screen, and the first room's, at once. */
const AT_ONCE = { common, home };
const LATER: Record<
  Exclude<keyof Texts, keyof typeof AT_ONCE>,
  () => Promise<{ default: unknown }>
> = {
  backup: () => import("./en/backup.json"),
  compare: () => import("./en/compare.json"),
  deliveries: () => import("./en/deliveries.json"),
  desktop: () => import("./en/desktop.json"),
  editor: () => import("./en/editor.json"),
  exchange: () => import("./en/exchange.json"),
  flows: () => import("./en/flows.json"),
  forms: () => import("./en/forms.json"),
  jobs: () => import("./en/jobs.json"),
  parts: () => import("./en/parts.json"),
  requests: () => import("./en/requests.json"),
  settings: () => import("./en/settings.json"),
  updates: () => import("./en/updates.json"),
  ways: () => import("./en/ways.json"),
  workspace: () => import("./en/workspace.json"),
};

export function startI18n() {
  const language = localStorage.getItem(LANGUAGE_KEY) === "pseudo" ? "pseudo" : "en";
  const inLanguage = (texts: unknown) => (language === "pseudo" ? lengthen(texts) : texts);
  void i18next
    .use(initReactI18next)
    .use({
      type: "backend",
      async read(_: string, name: string) {
        const load = LATER[name as keyof typeof LATER];
        return inLanguage((await load()).default);
      },
    })
    .init({
      resources: { [language]: inLanguage(AT_ONCE) as typeof AT_ONCE },
      partialBundledLanguages: true,
      lng: language,
      fallbackLng: language,
      ns: Object.keys(AT_ONCE),
      defaultNS: "common",
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** Reads the texts of a room before its first part asks for them. */
export function loadTexts(name: keyof typeof LATER): void {
  void i18next.loadNamespaces(name);
}

/** Reads the texts of all rooms, before somebody opens one. */
export function loadAllTexts(): Promise<unknown> {
  return i18next.loadNamespaces(Object.keys(LATER));
}

/** What each set of names gave: the language stays as it is until the page is loaded again. */
const known = new Map<string, { t: unknown; i18n: i18n }>();
const coming = new Map<string, Promise<unknown>>();

/**
 * The texts of a room, or of several, the first of which needs no prefix; until they have come, whoever asks waits. The
 * library's own hook copies all of its state for each component, which is more than a row of a list takes to draw.
 */
export const useTranslation = ((names: keyof Texts | readonly (keyof Texts)[] = "common") => {
  const key = String(names);
  const found = known.get(key);
  if (found) return found;
  const rooms: (keyof Texts)[] = [names].flat();
  if (!rooms.every((room) => i18next.hasLoadedNamespace(room))) {
    const promise = coming.get(key) ?? i18next.loadNamespaces(rooms);
    coming.set(key, promise);
    // So a component says what it waits for.
    throw promise;
  }
  const words = { t: i18next.getFixedT(null, rooms[0] ?? "common"), i18n: i18next };
  known.set(key, words);
  return words;
}) as unknown as typeof LibraryHook;
