/**
 * Splits an expression of a template into its pieces, as Hookloom does. It says where pieces begin and end and which
 * words are operators, no more: what an expression means is known by Hookloom alone. Pure.
 */

export interface Token {
  kind: "name" | "number" | "text" | "sign";
  text: string;
  from: number;
  to: number;
  /** How many brackets are open around it; a bracket stands outside of itself. */
  depth: number;
  /** One of `and`, `or`, `not`, `in`, `is`, `if`, `else` where it is an operator, and no key, filter or test. */
  isWord: boolean;
}

/** Tokens of an expression, and the text they were found in. */
export interface Piece {
  source: string;
  tokens: readonly Token[];
}

const TOKEN = new RegExp(
  [
    `(?<space>[ \\t\\n\\r\\f]+)`,
    `(?<name>[A-Za-z_][A-Za-z0-9_]*)`,
    `(?<number>0[xX][0-9A-Fa-f_]+|0[oObB][0-9_]+|\\d[\\d_]*(?:\\.(?![A-Za-z_])[\\d_]*)?(?:[eE][+-]?\\d[\\d_]*)?)`,
    `(?<text>"(?:[^"\\\\]|\\\\[\\s\\S])*"|'(?:[^'\\\\]|\\\\[\\s\\S])*')`,
    `(?<sign>\\/\\/|\\*\\*|==|!=|>=|<=|[+\\-*/%.,:~|=><()[\\]{}])`,
  ].join("|"),
  "y",
);
/** Behind a dot a number is a place in a list, and has no fraction: `a.1.0`. */
const PLACE = /\d+/y;
const WORDS = new Set(["and", "or", "not", "in", "is", "if", "else"]);
const CLOSES: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Null: it is no expression, or not a whole one. */
export function pieceOf(source: string): Piece | null {
  const tokens: Token[] = [];
  const open: string[] = [];
  for (let at = 0; at < source.length;) {
    const last = tokens.at(-1);
    const isPlace = last?.text === "." && last.to === at && /\d/.test(source[at] ?? "");
    const pattern = isPlace ? PLACE : TOKEN;
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) return null;
    const text = found[0];
    const to = at + text.length;
    const groups = found.groups ?? {};
    if (groups.space === undefined) {
      const kind = isPlace ? "number" : kindOf(groups);
      if (kind === "sign" && text in CLOSES && open.pop() !== CLOSES[text]) return null;
      const depth = open.length;
      tokens.push({ kind, text, from: at, to, depth, isWord: isWord(tokens, kind, text) });
      if (kind === "sign" && "([{".includes(text)) open.push(text);
    }
    at = to;
  }
  return open.length === 0 ? { source, tokens } : null;
}

function kindOf(groups: Record<string, string | undefined>): Token["kind"] {
  if (groups.name !== undefined) return "name";
  if (groups.number !== undefined) return "number";
  return groups.text !== undefined ? "text" : "sign";
}

function isWord(before: Token[], kind: Token["kind"], text: string): boolean {
  if (kind !== "name" || !WORDS.has(text)) return false;
  const last = before.at(-1);
  if (last?.kind === "sign" && (last.text === "." || last.text === "|")) return false;
  const isIs = (token: Token | undefined) => token?.isWord === true && token.text === "is";
  const isNotOfIs = last?.isWord === true && last.text === "not" && isIs(before.at(-2));
  // Behind `is` stands the name of a test, perhaps with `not` before it.
  return !(isNotOfIs || (isIs(last) && text !== "not"));
}

/** As it is written, without the spaces around it. */
export function sourceOf({ source, tokens }: Piece): string {
  return source.slice(tokens[0]?.from ?? 0, tokens.at(-1)?.to ?? 0);
}

export function part(piece: Piece, from: number, to?: number): Piece {
  return { source: piece.source, tokens: piece.tokens.slice(from, to) };
}

/** The tokens that stand in no bracket of the piece. */
export function outer({ tokens }: Piece): Token[] {
  const depth = tokens[0]?.depth ?? 0;
  return tokens.filter((token) => token.depth === depth);
}

/** The pieces between an operator, in no bracket. */
export function split(piece: Piece, word: "and" | "or"): Piece[] {
  const depth = piece.tokens[0]?.depth ?? 0;
  const pieces: Piece[] = [];
  let from = 0;
  piece.tokens.forEach((token, at) => {
    if (!token.isWord || token.text !== word || token.depth !== depth) return;
    pieces.push(part(piece, from, at));
    from = at + 1;
  });
  return [...pieces, part(piece, from)];
}

/** What stands in the brackets that hold the whole piece; null if none do. */
export function inBrackets(piece: Piece): Piece | null {
  const { tokens } = piece;
  const [first] = tokens;
  if (first?.text !== "(" || first.kind !== "sign" || tokens.length < 3) return null;
  const close = tokens.findIndex(({ depth, text }, at) => {
    return at > 0 && depth === first.depth && text === ")";
  });
  return close === tokens.length - 1 ? part(piece, 1, -1) : null;
}
