/** Cuts a line of JSON into coloured pieces. It never fails: what is no JSON is plain text. */
export type TokenKind = "key" | "string" | "literal" | "mask" | "faint" | "plain";

export interface Token {
  kind: TokenKind;
  text: string;
}

const PIECES = /"(?:\\.|[^"\\])*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;
const MASK = /•{2,}/g;

export function jsonTokens(line: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(PIECES)) {
    tokens.push(...masked("plain", line.slice(end, match.index)));
    end = match.index + match[0].length;
    tokens.push(...masked(kindOf(match[0], line.slice(end)), match[0]));
  }
  tokens.push(...masked("plain", line.slice(end)));
  return tokens;
}

export function plainTokens(line: string): Token[] {
  return masked("plain", line);
}

function kindOf(piece: string, after: string): TokenKind {
  if (!piece.startsWith('"')) return "literal";
  return /^\s*:/.test(after) ? "key" : "string";
}

/** The dots that stand for a secret get their own look inside any piece. */
function masked(kind: TokenKind, text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(MASK)) {
    if (match.index > end) tokens.push({ kind, text: text.slice(end, match.index) });
    tokens.push({ kind: "mask", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ kind, text: text.slice(end) });
  return tokens;
}

/** Above this size a body is shown as it came: writing it anew would freeze the window. */
const PRETTY_MAX_CHARS = 2_000_000;

/** JSON on one line per value; null for a text that is no JSON object or list. */
export function prettyJson(text: string): string | null {
  if (text.length > PRETTY_MAX_CHARS || !/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
