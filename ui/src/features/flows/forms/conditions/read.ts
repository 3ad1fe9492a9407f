/**
 * Reads an expression into rows and groups. Null where rows cannot say it: then it stays text. What is read is printed
 * with the same meaning (`print.ts`), and what is printed is read as it was. Pure.
 */
import { group, isNumber, row, type Group, type Item, type Operator, type Value } from "./model";
import {
  inBrackets,
  outer,
  part,
  pieceOf,
  sourceOf,
  split,
  type Piece,
  type Token,
} from "./tokens";

const COMPARISONS: Record<string, Operator> = {
  "==": "eq",
  "!=": "ne",
  ">": "gt",
  ">=": "ge",
  "<": "lt",
  "<=": "le",
};
const ARITHMETIC = new Set(["+", "-", "*", "/", "//", "%", "**", "~"]);

/** The text of a condition: exactly one expression in braces, or nothing yet. */
export function readCondition(text: string): Group | null {
  if (text.trim() === "") return group("all", []);
  const inside = /^\{\{([\s\S]*)\}\}$/.exec(text)?.[1];
  if (inside === undefined) return null;
  const piece = pieceOf(inside);
  if (!piece) return null;
  return piece.tokens.length === 0 ? group("all", []) : groupOf(piece);
}

function groupOf(piece: Piece): Group | null {
  const ways = split(piece, "or");
  if (ways.length > 1) return grouped("any", ways.map(wayOf));
  return grouped("all", split(piece, "and").map(itemOf));
}

function grouped(join: "all" | "any", items: (Item | null)[]): Group | null {
  return items.every((item) => item !== null) ? group(join, items) : null;
}

/** One side of an `or`: `and` binds closer. */
function wayOf(piece: Piece): Item | null {
  const items = split(piece, "and");
  return items.length > 1 ? grouped("all", items.map(itemOf)) : itemOf(piece);
}

/** A piece without `and` and `or` outside of brackets. */
function itemOf(piece: Piece): Item | null {
  const [first] = piece.tokens;
  if (!first) return null;
  if (isWord(first, "not")) return notOf(part(piece, 1));
  const inside = inBrackets(piece);
  if (inside && !isList(inside)) return groupOf(inside) ?? row(sourceOf(inside), "holds", null);
  return comparisonOf(piece) ?? leafOf(piece);
}

function notOf(piece: Piece): Item | null {
  const inside = inBrackets(piece);
  if (inside && !isList(inside)) {
    const found = groupOf(inside);
    if (!found) return row(sourceOf(inside), "fails", null);
    return group("none", found.join === "any" || found.items.length === 1 ? found.items : [found]);
  }
  const item = itemOf(piece);
  if (item === null) return null;
  const isBare = "operator" in item && item.operator === "holds";
  return isBare ? { ...item, operator: "fails" } : group("none", [item]);
}

/** `left == right`, `left in right`, `left not in right`. Null also where there is more than one comparison. */
function comparisonOf(piece: Piece): Item | null {
  const found = outer(piece).filter(
    (token) => isWord(token, "in") || (token.kind === "sign" && token.text in COMPARISONS),
  );
  const sign = found[0];
  if (!sign || found.length > 1) return null;
  const at = piece.tokens.indexOf(sign);
  const isNot = isWord(piece.tokens[at - 1], "not");
  const left = part(piece, 0, isNot ? at - 1 : at);
  const right = part(piece, at + 1);
  if (!isOperand(left) || !isOperand(right)) return null;
  const operator = COMPARISONS[sign.text];
  if (operator) return isNot ? null : row(operandOf(left), operator, valueOf(right));
  const list = listOf(right);
  if (list) return row(operandOf(left), isNot ? "noneOf" : "oneOf", list);
  return row(operandOf(right), isNot ? "lacks" : "contains", valueOf(left));
}

/** A value that is true or false by itself, or `left is defined` and the like. */
function leafOf(piece: Piece): Item | null {
  if (!isOperand(piece)) return null;
  return testOf(piece) ?? row(sourceOf(piece), "holds", null);
}

function testOf(piece: Piece): Item | null {
  const [is, more] = outer(piece).filter((token) => isWord(token, "is"));
  if (!is || more) return null;
  const at = piece.tokens.indexOf(is);
  const left = part(piece, 0, at);
  const isNot = isWord(piece.tokens[at + 1], "not");
  const name = at + (isNot ? 2 : 1);
  const rest = part(piece, name + 1);
  if (left.tokens.length === 0 || outer(left).some(isArithmetic)) return null;
  const test = piece.tokens[name]?.text;
  if (rest.tokens.length === 0) {
    if (test !== "defined" && test !== "undefined") return null;
    return row(operandOf(left), (test === "defined") === isNot ? "missing" : "defined", null);
  }
  const argument = inBrackets(rest);
  if (isNot || !argument || (test !== "startingwith" && test !== "endingwith")) return null;
  const inner = pieceOf(sourceOf(argument));
  if (!inner || isList(inner)) return null;
  const right = valueOf(inner);
  const isFit = right.kind === "text" || right.kind === "expression";
  return isFit
    ? row(operandOf(left), test === "startingwith" ? "startsWith" : "endsWith", right)
    : null;
}

/** What may stand beside an operator without brackets. */
function isOperand(piece: Piece): boolean {
  if (piece.tokens.length === 0 || isList(piece)) return false;
  return outer(piece).every((token, at, all) => {
    if (!token.isWord) return !isComparison(token);
    return token.text === "is" || (token.text === "not" && isWord(all[at - 1], "is"));
  });
}

/** Commas and colons mean something else in brackets than beside an operator. */
export function isList(piece: Piece): boolean {
  return outer(piece).some(({ kind, text }) => kind === "sign" && [",", ":", "="].includes(text));
}

export const isArithmetic = ({ kind, text }: Token): boolean =>
  kind === "sign" && ARITHMETIC.has(text);

export const isComparison = ({ kind, text }: Token): boolean =>
  kind === "sign" && text in COMPARISONS;

/** Its source; brackets around the whole are set again where they are needed. */
function operandOf(piece: Piece): string {
  const inside = inBrackets(piece);
  return inside && !isList(inside) ? operandOf(inside) : sourceOf(piece);
}

function valueOf(piece: Piece): Value {
  const source = operandOf(piece);
  return literalOf(pieceOf(source)) ?? { kind: "expression", text: source };
}

function literalOf(piece: Piece | null): Value | null {
  const [first] = piece?.tokens ?? [];
  if (!piece || !first) return null;
  const source = sourceOf(piece);
  if (isNumber(source)) return { kind: "number", text: source };
  if (piece.tokens.length > 1) return null;
  if (first.kind === "text") {
    const text = unquoted(first.text);
    return text === null ? null : { kind: "text", text };
  }
  switch (first.text) {
    case "true":
    case "True":
      return { kind: "true" };
    case "false":
    case "False":
      return { kind: "false" };
    case "null":
    case "none":
    case "None":
      return { kind: "null" };
    default:
      return null;
  }
}

/** A list of texts that each fill a line, or of numbers. */
function listOf(piece: Piece): Value | null {
  const { tokens } = piece;
  if (tokens[0]?.text !== "[" || tokens.at(-1)?.text !== "]") return null;
  if (outer(piece).length !== 2) return null;
  const inside = pieceOf(sourceOf(part(piece, 1, -1)));
  if (!inside) return null;
  if (inside.tokens.length === 0) return { kind: "texts", items: [] };
  const items = commaSplit(inside).map((each) => literalOf(pieceOf(sourceOf(each))));
  const texts = items.map((item) =>
    item?.kind === "text" && isLine(item.text) ? item.text : null,
  );
  if (texts.every((text) => text !== null)) return { kind: "texts", items: texts };
  const numbers = items.map((item) => (item?.kind === "number" ? item.text : null));
  return numbers.every((text) => text !== null) ? { kind: "numbers", items: numbers } : null;
}

const isLine = (text: string) => text !== "" && !/[\r\n]/.test(text);

function commaSplit(piece: Piece): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  piece.tokens.forEach(({ kind, text, depth }, at) => {
    if (kind !== "sign" || text !== "," || depth !== 0) return;
    pieces.push(part(piece, from, at));
    from = at + 1;
  });
  return [...pieces, part(piece, from)];
}

const ESCAPES: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** The text of a literal; null if it is written in a way that would not be printed again. */
function unquoted(literal: string): string | null {
  let isKnown = true;
  const text = literal.slice(1, -1).replace(/\\(u[0-9A-Fa-f]{4}|[\s\S])/g, (_, escape: string) => {
    const [first = ""] = escape;
    if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16));
    if (first in ESCAPES) return ESCAPES[first] ?? "";
    if (!"\"'\\/".includes(first)) isKnown = false;
    return first;
  });
  return isKnown && !/\p{Surrogate}/u.test(text) ? text : null;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.isWord === true && token.text === word;
}
