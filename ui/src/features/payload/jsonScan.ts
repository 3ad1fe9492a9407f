/**
 * JSON read where it is looked at: the parts of a value are found in the text itself, so that megabytes open at once,
 * long numbers stay as they were written, and a key that stands twice is seen twice. The text has to be JSON.
 */
export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** A value by its place in the text. */
export interface Span {
  from: number;
  to: number;
}

export interface Child extends Span {
  /** The name in an object, the place in a list. */
  key: string | number;
}

const QUOTE = 34;
const BACKSLASH = 92;

export function kindAt(text: string, from: number): JsonKind {
  switch (text[from]) {
    case "{":
      return "object";
    case "[":
      return "array";
    case '"':
      return "string";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    default:
      return "number";
  }
}

/** The whole value, without the space around it. */
export function wholeOf(text: string): Span {
  const from = skipSpace(text, 0);
  let to = text.length;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return { from, to };
}

/** The values directly inside an object or list; none of any other value. */
export function childrenOf(text: string, { from }: Span): Child[] {
  const children: Child[] = [];
  const kind = kindAt(text, from);
  if (kind !== "object" && kind !== "array") return children;
  let at = skipSpace(text, from + 1);
  const end = kind === "object" ? 125 : 93;
  while (at < text.length && text.charCodeAt(at) !== end) {
    let key: string | number = children.length;
    if (kind === "object") {
      const close = endOfString(text, at);
      key = stringOf(text.slice(at, close));
      // Over the colon.
      at = skipSpace(text, skipSpace(text, close) + 1);
    }
    const to = endOf(text, at);
    children.push({ key, from: at, to });
    at = skipSpace(text, to);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return children;
}

/** What a piece between quotes means. */
export function stringOf(piece: string): string {
  return piece.includes("\\") ? (JSON.parse(piece) as string) : piece.slice(1, -1);
}

function endOf(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== "{" && first !== "[") return endOfPlain(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    at++;
    if (slashes % 2 === 0) return at;
  }
}

function endOfPlain(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charCodeAt(at)) && !",]}".includes(text[at] ?? "")) at++;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9;
