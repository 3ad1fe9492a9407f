/** Prints rows and groups as the expression of a document, and says what keeps a row from being printed. Pure. */
import { isGroup, isNumber, kindsOf, type Group, type Item, type Row, type Value } from "./model";
import { isArithmetic, isComparison, isList } from "./read";
import { outer, pieceOf, type Token } from "./tokens";

/** An empty text if no row is complete. */
export function printCondition(condition: Group): string {
  const inside = printGroup(condition);
  return inside === "" ? "" : `{{ ${inside} }}`;
}

function printGroup({ join, items }: Group): string {
  const printed = items.map(printItem).filter((each) => each !== "");
  return printed.join(join === "all" ? " and " : " or ");
}

function printItem(item: Item): string {
  if (!isGroup(item)) return item.left.trim() === "" ? "" : printRow(item);
  const inside = printGroup(item);
  if (inside === "") return "";
  return item.join === "none" ? `not (${inside})` : `(${inside})`;
}

const SIGNS = { eq: "==", ne: "!=", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;

function printRow({ left, operator, right }: Row): string {
  const value = right ? printValue(right) : "";
  switch (operator) {
    case "contains":
      return `${value} in ${loose(left)}`;
    case "lacks":
      return `${value} not in ${loose(left)}`;
    case "oneOf":
      return `${loose(left)} in ${value}`;
    case "noneOf":
      return `${loose(left)} not in ${value}`;
    case "startsWith":
      return `${close(left)} is startingwith(${value})`;
    case "endsWith":
      return `${close(left)} is endingwith(${value})`;
    case "holds":
      return bare(left);
    case "fails":
      return `not ${bare(left)}`;
    case "defined":
      return `${close(left)} is defined`;
    case "missing":
      return `${close(left)} is not defined`;
    default:
      return `${loose(left)} ${SIGNS[operator]} ${value}`;
  }
}

function printValue(value: Value): string {
  switch (value.kind) {
    case "text":
      return JSON.stringify(value.text);
    case "number":
      return value.text.trim();
    case "expression":
      return loose(value.text);
    case "texts":
      return `[${value.items.map((item) => JSON.stringify(item)).join(", ")}]`;
    case "numbers":
      return `[${value.items.join(", ")}]`;
    default:
      return value.kind;
  }
}

/** In brackets where it would fall apart beside a comparison. A test would take `in` for its argument. */
const loose = (text: string) => apart(text, (token) => token.isWord || isComparison(token));

/** In brackets where it would fall apart before `is`, which binds closest. */
const close = (text: string) =>
  apart(text, (token) => token.isWord || isComparison(token) || isArithmetic(token));

/** In brackets where it would fall apart beside `and`, `or` and `not`. */
const bare = (text: string) =>
  apart(text, (token, before) => {
    const isOfTest = token.text === "is" || (token.text === "not" && before?.text === "is");
    return isComparison(token) || (token.isWord && !isOfTest);
  });

function apart(text: string, falls: (token: Token, before: Token | undefined) => boolean): string {
  const source = text.trim();
  const piece = pieceOf(source);
  const isApart = (piece ? outer(piece) : []).some((token, at, all) => falls(token, all[at - 1]));
  return isApart ? `(${source})` : source;
}

export type RowMistake = "left" | "number" | "numbers" | "value";

/** What is wrong with a row that somebody writes; a row without anything on its left waits, and is not wrong. */
export function mistakeIn({ left, operator, right }: Row): RowMistake | null {
  if (left.trim() === "") return null;
  if (!isWhole(left)) return "left";
  if (!right || !kindsOf(operator).includes(right.kind)) return null;
  if (right.kind === "number") return isNumber(right.text.trim()) ? null : "number";
  if (right.kind === "numbers") return right.items.every(isNumber) ? null : "numbers";
  return right.kind !== "expression" || isWhole(right.text) ? null : "value";
}

/** Something that may stand on one side of an operator. */
function isWhole(text: string): boolean {
  const piece = pieceOf(text);
  return piece !== null && piece.tokens.length > 0 && !isList(piece);
}

export function hasMistake(item: Item): boolean {
  return isGroup(item) ? item.items.some(hasMistake) : mistakeIn(item) !== null;
}
