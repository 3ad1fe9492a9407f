/** The message that a snippet sends, and how its parts are put together. Pure. */
import { takesBody, type Credential } from "../credentials";
import type { Recipe } from "../schemes";

export interface Message {
  /** Absolute, without a key. Parameters in braces are left to the reader. */
  url: string;
  method: string;
  /** Beside those of the credentials. */
  headers: { name: string; value: string }[];
  body: string;
  credentials: Credential[];
}

export type Word =
  | "body"
  | "id"
  | "method"
  | "path"
  | "signature"
  | "timestamp"
  | "timestamp_ms"
  | "timestamp_text"
  | "url";

export type Piece = { text: string } | { word: Word };

/** `v0:{timestamp}:{body}` taken apart. An unknown word stays as it is. */
export function piecesOf(pattern: string): Piece[] {
  return pattern
    .split(/(\{(?:body|id|method|path|signature|timestamp|timestamp_ms|timestamp_text|url)\})/)
    .filter((piece) => piece !== "")
    .map((piece) =>
      /^\{\w+\}$/.test(piece) ? { word: piece.slice(1, -1) as Word } : { text: piece },
    );
}

/** What is signed of this message: X-Webhook-Signature signs the URL where there is no body. */
export function signedPattern(recipe: Recipe, method: string): string {
  const isOurs = recipe.header.toLowerCase() === "x-webhook-signature";
  const byUrl = isOurs && (method === "GET" || method === "DELETE");
  return byUrl ? recipe.signed.replace("{body}", "{url}") : recipe.signed;
}

/** The time that a recipe needs, in its unit. */
export function timeOf(recipe: Recipe): "timestamp" | "timestamp_ms" | "timestamp_text" | null {
  const found = /\{(timestamp(?:_ms|_text)?)\}/.exec(recipe.signed + recipe.value);
  return (found?.[1] ?? null) as ReturnType<typeof timeOf>;
}

export const needsId = (recipe: Recipe): boolean =>
  recipe.idHeader !== undefined || recipe.signed.includes("{id}");

export const hasBody = ({ method, body }: Message): boolean => takesBody(method) && body !== "";

export function pathOf(url: string): string {
  const found = /^[a-z]+:\/\/[^/]+(.*)$/i.exec(url);
  return found?.[1] || "/";
}

export const hmacsOf = (message: Message) =>
  message.credentials.filter((each) => each.kind === "hmac");

/** The URL with the name of the key's parameter at its end, if the key travels there. */
export function keyParameter(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}key=`;
}
