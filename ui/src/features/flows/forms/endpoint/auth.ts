/** The kinds of authentication, and what a change of the kind keeps. Pure. */
import { text, type Fields } from "../../document";

export const AUTH_KINDS = [
  "shared_key",
  "api_key",
  "bearer",
  "basic",
  "signature",
  "jwt",
  "ip",
  "any",
  "all",
  "none",
] as const;
export type AuthKindName = (typeof AUTH_KINDS)[number];

/** Those that hold others. */
export const SEVERAL: readonly AuthKindName[] = ["any", "all"];
export const DEPTH_MAX = 3;
export const WAYS_MAX = 10;

const KEPT: Record<AuthKindName, readonly string[]> = {
  shared_key: ["secret", "previous", "header"],
  api_key: ["secret", "previous", "header"],
  bearer: ["secret", "previous"],
  basic: ["username", "secret", "previous"],
  signature: ["scheme", "secret", "tolerance_s", "previous"],
  jwt: ["algorithm", "secret", "public_key", "issuer", "audience", "previous"],
  ip: ["ranges"],
  any: ["of"],
  all: ["of"],
  none: [],
};

const BEGUN: Partial<Record<AuthKindName, Fields>> = {
  basic: { username: "" },
  signature: { scheme: "x-webhook-signature" },
  jwt: { algorithm: "HS256" },
};

/** The fields of another kind: what it shares with the old one stays, and one way becomes the first of several. */
export function authOfKind(kind: AuthKindName, old: Fields): Fields {
  const kept = KEPT[kind].flatMap((key) => (old[key] === undefined ? [] : [[key, old[key]]]));
  const fields: Fields = { kind, ...BEGUN[kind], ...(Object.fromEntries(kept) as Fields) };
  if (!SEVERAL.includes(kind) || fields.of !== undefined) return fields;
  const first = text(old.kind) === "" || old.kind === "none" ? authOfKind("shared_key", {}) : old;
  return { ...fields, of: [first] };
}
