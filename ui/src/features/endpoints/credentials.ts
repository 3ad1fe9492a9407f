/** What a sender has to show to an endpoint, read from its `auth`. Pure; holds names of secrets and never values. */
import { isFields, text, texts, type Fields } from "@/features/flows/document";
import { DEFAULT_SCHEME, schemeNamed, type Recipe } from "./schemes";

export type Credential =
  | { kind: "query"; secret: string }
  | { kind: "header"; secret: string; name: string; prefix: string }
  | { kind: "basic"; secret: string; username: string }
  | { kind: "jwt"; secret: string; issuer: string; audience: string }
  /** A token that somebody else issues. */
  | { kind: "issued"; algorithm: string }
  | { kind: "hmac"; secret: string; recipe: Recipe; scheme: string }
  | { kind: "program"; secret: string; scheme: string };

/** Of `any` the first way that a sender can choose; of `all` every one; of `ip` nothing. */
export function credentialsOf(auth: unknown): Credential[] {
  const fields = isFields(auth) ? auth : {};
  const secret = text(fields.secret);
  switch (fields.kind) {
    case "shared_key":
      return text(fields.header) === ""
        ? [{ kind: "query", secret }]
        : [{ kind: "header", secret, name: text(fields.header), prefix: "" }];
    case "api_key":
      return [{ kind: "header", secret, name: text(fields.header) || "X-Api-Key", prefix: "" }];
    case "bearer":
      return [{ kind: "header", secret, name: "Authorization", prefix: "Bearer " }];
    case "basic":
      return [{ kind: "basic", secret, username: text(fields.username) }];
    case "jwt":
      return [token(fields)];
    case "signature":
      return [signature(fields)];
    case "all":
      return oneByHand(ways(fields).flatMap(credentialsOf));
    case "any":
      return ways(fields).map(credentialsOf).at(0) ?? [];
    default:
      return [];
  }
}

/** A snippet makes one signature itself; further ones are made by the program. */
function oneByHand(all: Credential[]): Credential[] {
  const first = all.find(({ kind }) => kind === "hmac");
  return all.map((each) =>
    each.kind === "hmac" && each !== first
      ? { kind: "program", secret: each.secret, scheme: each.scheme }
      : each,
  );
}

function ways(fields: Fields): unknown[] {
  return Array.isArray(fields.of) ? fields.of : [];
}

function token(fields: Fields): Credential {
  const [secret, algorithm] = [text(fields.secret), text(fields.algorithm)];
  if (algorithm !== "HS256" || secret === "") return { kind: "issued", algorithm };
  return { kind: "jwt", secret, issuer: text(fields.issuer), audience: text(fields.audience) };
}

function signature(fields: Fields): Credential {
  const secret = text(fields.secret);
  if (isFields(fields.scheme)) {
    return { kind: "hmac", secret, scheme: "custom", recipe: recipeOf(fields.scheme) };
  }
  const scheme = text(fields.scheme) || DEFAULT_SCHEME;
  const way = schemeNamed(scheme)?.way ?? "program";
  if (way === "program") return { kind: "program", secret, scheme };
  if ("token" in way) return { kind: "header", secret, name: way.token, prefix: "" };
  return { kind: "hmac", secret, scheme, recipe: way };
}

/** A scheme that somebody described, in the words of the table; what is missing is as the document has it then. */
export function recipeOf(scheme: Fields): Recipe {
  const one = <const T extends string>(value: unknown, known: readonly T[], usual: T): T =>
    known.find((each) => each === value) ?? usual;
  return {
    header: text(scheme.header),
    value: text(scheme.value) || "{signature}",
    signed: text(scheme.signed),
    hash: one(scheme.hash, ["sha256", "sha1", "sha384", "sha512"], "sha256"),
    encoding: one(scheme.encoding, ["hex", "base64", "base64url"], "hex"),
    key: one(scheme.key, ["text", "base64", "hex"], "text"),
    timestampHeader: text(scheme.timestamp_header) || undefined,
    idHeader: text(scheme.id_header) || undefined,
  };
}

/** The name under which a snippet reads a secret from its environment. */
export const variableOf = (secret: string): string =>
  secret.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase() || "SECRET";

/** The method that a first message is sent with. */
export function methodOf(methods: unknown): string {
  const all = texts(methods);
  return all.length === 0 || all.includes("POST") ? "POST" : (all[0] ?? "POST");
}

export const takesBody = (method: string): boolean => ["POST", "PUT", "PATCH"].includes(method);
