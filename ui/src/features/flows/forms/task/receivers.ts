/** The receivers that can be copied: real programs in the folder `receivers`, each read when it is looked at. */
export const RECEIVER_SCHEMES = ["x-webhook-signature", "standard-webhooks", "github", "stripe"];
export const RECEIVER_LANGUAGES = [
  { name: "JavaScript", ending: "mjs" },
  { name: "Python", ending: "py" },
  { name: "Go", ending: "go" },
  { name: "Rust", ending: "rs" },
] as const;
export type Ending = (typeof RECEIVER_LANGUAGES)[number]["ending"];

const FILES = import.meta.glob<string>("./receivers/*", { query: "?raw", import: "default" });

export function receiverCode(scheme: string, ending: Ending): Promise<string> {
  const read = FILES[`./receivers/${scheme}.${ending}`];
  return read ? read() : Promise.reject(new Error(`no receiver for ${scheme} in ${ending}`));
}
