/** Every word on the screen comes from `en/*.json`, by key; a missing key does not compile. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import common from "./en/common.json";
import deliveries from "./en/deliveries.json";
import flows from "./en/flows.json";
import jobs from "./en/jobs.json";
import requests from "./en/requests.json";
import settings from "./en/settings.json";
import workspace from "./en/workspace.json";
import { lengthen } from "./pseudo";

export const en = { common, deliveries, flows, jobs, requests, settings, workspace };

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en;
  }
}

/** A made-up language with longer words, to find what would not fit: set this key to `pseudo`. */
const LANGUAGE_KEY = "hookloom.language";

export function startI18n() {
  const pseudo = localStorage.getItem(LANGUAGE_KEY) === "pseudo";
  void i18next.use(initReactI18next).init({
    resources: pseudo ? { pseudo: lengthen(en) as typeof en } : { en },
    lng: pseudo ? "pseudo" : "en",
    fallbackLng: "en",
    ns: Object.keys(en),
    defaultNS: "common",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export { useTranslation } from "react-i18next";
