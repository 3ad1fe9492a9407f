/** The types of a JSON value that a person chooses from, and a value as one of another type. Pure. */
import { isNumber } from "../conditions/model";

export const TYPES = ["text", "number", "true", "false", "null", "json"] as const;
export type ValueType = (typeof TYPES)[number];

export function typeOf(value: unknown): ValueType {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return value ? "true" : "false";
  return value === null ? "null" : "json";
}

/** With as much of the value as the other type can hold. */
export function typedAs(value: unknown, type: ValueType): unknown {
  if (typeOf(value) === type) return value;
  switch (type) {
    case "text":
      return JSON.stringify(value);
    case "number":
      return typeof value === "string" && isNumber(value.trim()) ? Number(value) : 0;
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    case "json":
      return [value];
  }
}
