/**
 * The two ways of a switch: it compares one value with each case, or it compares `true` with conditions, so that the
 * first that holds counts. From one to the other nothing is lost: what has no other form stays as it is. Pure.
 */
import { isFields, type Fields } from "../../document";
import { group, isGroup, isNumber, row, type Value } from "../conditions/model";
import { printCondition } from "../conditions/print";
import { readCondition } from "../conditions/read";
import { pieceOf } from "../conditions/tokens";

export type SwitchWay = "value" | "conditions";

export function waysOf({ expression }: Fields): SwitchWay {
  return expression === true || (typeof expression === "string" && isTrue(expression))
    ? "conditions"
    : "value";
}

const isTrue = (text: string) => /^\{\{\s*true\s*\}\}$/.test(text);

export function asConditions(fields: Fields): Fields {
  const left = typeof fields.expression === "string" ? expressionIn(fields.expression) : null;
  const cases = mapCases(fields.cases, (value) => {
    const right = left === null ? null : valueOf(value);
    if (left === null || right === null) return value;
    return printCondition(group("all", [row(left, "eq", right)]));
  });
  return { ...fields, expression: true, cases };
}

/** The value that every case compares with something becomes the one that is switched by. */
export function asValues(fields: Fields): Fields {
  const rows = Object.values(isFields(fields.cases) ? fields.cases : {}).map(comparison);
  const left = rows[0]?.left;
  const isOne = left !== undefined && rows.every((each) => each !== null && each.left === left);
  if (!isOne) return { ...fields, expression: "" };
  const cases = mapCases(fields.cases, (value) => {
    const found = comparison(value);
    return found ? found.right : value;
  });
  return { ...fields, expression: `{{${left}}}`, cases };
}

function mapCases(cases: unknown, change: (value: unknown) => unknown): unknown {
  if (!isFields(cases)) return cases;
  return Object.fromEntries(Object.entries(cases).map(([code, value]) => [code, change(value)]));
}

function comparison(value: unknown): { left: string; right: unknown } | null {
  const items = typeof value === "string" ? readCondition(value)?.items : undefined;
  const [item] = items ?? [];
  if (!item || items?.length !== 1 || isGroup(item) || item.operator !== "eq") return null;
  const right = item.right && jsonOf(item.right);
  return right ? { left: item.left, right: right.json } : null;
}

/** A case as what a row compares with; null if it is no plain value. */
function valueOf(json: unknown): Value | null {
  if (json === null) return { kind: "null" };
  if (typeof json === "boolean") return { kind: json ? "true" : "false" };
  if (typeof json === "number") {
    const text = String(json);
    return isNumber(text) ? { kind: "number", text } : null;
  }
  if (typeof json !== "string") return null;
  if (!json.includes("{{")) return { kind: "text", text: json };
  const text = expressionIn(json);
  return text === null ? null : { kind: "expression", text };
}

function jsonOf(value: Value): { json: unknown } | null {
  switch (value.kind) {
    case "text":
      return value.text.includes("{{") ? null : { json: value.text };
    case "number":
      return String(Number(value.text)) === value.text ? { json: Number(value.text) } : null;
    case "expression":
      return { json: `{{${value.text}}}` };
    case "true":
      return { json: true };
    case "false":
      return { json: false };
    case "null":
      return { json: null };
    default:
      return null;
  }
}

/** What stands in the braces of a text that is one expression and nothing else. */
function expressionIn(text: string): string | null {
  const inside = /^\{\{([\s\S]*)\}\}$/.exec(text)?.[1]?.trim();
  return inside !== undefined && (pieceOf(inside)?.tokens.length ?? 0) > 0 ? inside : null;
}
