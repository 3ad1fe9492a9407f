/** The settings of the outgoing proxy as a person types them. Pure. */
import type { Settings, SettingsChange } from "@/api";

export interface ProxyFields {
  url: string;
  /** The name of a secret. */
  password: string;
  bypass: string;
}

export const proxyFields = (
  settings: Pick<Settings, "proxy_url" | "proxy_password" | "proxy_bypass">,
): ProxyFields => ({
  url: settings.proxy_url ?? "",
  password: settings.proxy_password ?? "",
  bypass: settings.proxy_bypass ?? "",
});

/** An empty field is none. Without a proxy there is no password for it either. */
export function proxyChange({ url, password, bypass }: ProxyFields): SettingsChange {
  const given = (text: string) => (text.trim() === "" ? null : text.trim());
  return {
    proxy_url: given(url),
    proxy_password: given(url) === null ? null : given(password),
    proxy_bypass: given(bypass),
  };
}

/** What is wrong with its URL; null if nothing is. */
export function proxyMistake(text: string): "url" | "password" | null {
  const url = text.trim();
  if (url === "") return null;
  if (!URL.canParse(url) || !/^https?:\/\/[^/]/i.test(url)) return "url";
  return new URL(url).password === "" ? null : "password";
}
