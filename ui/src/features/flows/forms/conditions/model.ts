/** A condition as rows and groups: what the builder shows, and what an expression is read into and printed from. */

export const OPERATORS = [
  "eq",
  "ne",
  "gt",
  "ge",
  "lt",
  "le",
  "contains",
  "lacks",
  "startsWith",
  "endsWith",
  "oneOf",
  "noneOf",
  "holds",
  "fails",
  "defined",
  "missing",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a value is compared with. Numbers are kept as they are written, so that none is rounded. */
export type Value =
  | { kind: "text" | "number" | "expression"; text: string }
  | { kind: "true" | "false" | "null" }
  | { kind: "texts" | "numbers"; items: string[] };
export type ValueKind = Value["kind"];

export interface Row {
  id: number;
  /** An expression, without braces. */
  left: string;
  operator: Operator;
  /** Nothing where the operator compares with nothing. */
  right: Value | null;
}

export const JOINS = ["all", "any", "none"] as const;
export type Join = (typeof JOINS)[number];

export interface Group {
  id: number;
  join: Join;
  items: Item[];
}

export type Item = Row | Group;

let lastId = 0;

export const row = (left: string, operator: Operator, right: Value | null): Row => ({
  id: ++lastId,
  left,
  operator,
  right,
});

export const group = (join: Join, items: Item[]): Group => ({ id: ++lastId, join, items });

export const emptyRow = (): Row => row("", "eq", { kind: "text", text: "" });

export const isGroup = (item: Item): item is Group => "join" in item;

const COMPARED: readonly ValueKind[] = ["text", "number", "true", "false", "null", "expression"];
const SEARCHED: readonly ValueKind[] = ["text", "number", "expression"];
const TEXTS: readonly ValueKind[] = ["text", "expression"];
const LISTS: readonly ValueKind[] = ["texts", "numbers"];

/** The kinds of values that an operator takes; none if it takes no value. */
export function kindsOf(operator: Operator): readonly ValueKind[] {
  switch (operator) {
    case "contains":
    case "lacks":
      return SEARCHED;
    case "startsWith":
    case "endsWith":
      return TEXTS;
    case "oneOf":
    case "noneOf":
      return LISTS;
    case "holds":
    case "fails":
    case "defined":
    case "missing":
      return [];
    default:
      return COMPARED;
  }
}

/** The value as one of another kind, with as much of what was typed as that can hold. */
export function valueAs(value: Value | null, kind: ValueKind): Value {
  if (value?.kind === kind) return value;
  const text = textOf(value);
  switch (kind) {
    case "true":
    case "false":
    case "null":
      return { kind };
    case "texts":
      return { kind, items: text === "" ? [] : [text] };
    case "numbers":
      return { kind, items: isNumber(text) ? [text] : [] };
    case "number":
      return { kind, text: isNumber(text) ? text : "" };
    default:
      return { kind, text };
  }
}

function textOf(value: Value | null): string {
  if (value === null) return "";
  if ("text" in value) return value.text;
  return "items" in value ? (value.items[0] ?? "") : value.kind;
}

/** The row with another operator; its value stays where that operator takes one like it. */
export function withOperator(before: Row, operator: Operator): Row {
  const kinds = kindsOf(operator);
  const [first] = kinds;
  if (first === undefined) return { ...before, operator, right: null };
  const right =
    before.right && kinds.includes(before.right.kind) ? before.right : valueAs(before.right, first);
  return { ...before, operator, right };
}

export const isNumber = (text: string): boolean =>
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
