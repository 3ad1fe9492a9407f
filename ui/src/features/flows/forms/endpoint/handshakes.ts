/** The handshakes that an endpoint can answer. Pure. */
import { isFields } from "../../document";

export const HANDSHAKES = [
  "slack",
  "zoom",
  "dropbox",
  "discord",
  "meta",
  "websub",
  "x",
  "microsoft_graph",
  "event_grid",
  "okta",
  "asana",
  "cloudevents",
] as const;
export type HandshakeKind = (typeof HANDSHAKES)[number];

export const NEEDS_SECRET: readonly string[] = ["zoom", "meta", "websub", "x", "asana"];

/** Some signature schemes bring theirs along. */
export function impliedHandshake(auth: unknown): HandshakeKind | undefined {
  const scheme = isFields(auth) && auth.kind === "signature" ? auth.scheme : undefined;
  return (["slack", "zoom", "dropbox", "discord"] as const).find((each) => each === scheme);
}
