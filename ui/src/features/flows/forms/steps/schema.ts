/** What the JSON Schema of the flow document says about the fields of a kind of step. */
import { isFields, text, texts, type Fields } from "../../document";

export type FieldKind =
  "template" | "name" | "choice" | "switch" | "number" | "duration" | "headers" | "json";

export interface SchemaField {
  key: string;
  kind: FieldKind;
  /** Of a choice. */
  choices: string[];
  isDefault: boolean;
  isRequired: boolean;
  description: string;
}

/** They belong to every step, and have fields of their own. */
const COMMON = ["name", "kind", "after", "join", "timeout_ms", "retry"];

/** Null: the schema does not know this kind. */
export function fieldsOfKind(schema: unknown, kind: string): SchemaField[] | null {
  const definitions = isFields(schema) && isFields(schema.$defs) ? schema.$defs : {};
  const step = isFields(definitions.step) ? definitions.step : {};
  const variants = Array.isArray(step.oneOf) ? step.oneOf.filter(isFields) : [];
  const own = variants.find((variant) => kindOf(variant) === kind);
  if (!own || !isFields(own.properties)) return null;
  const required = texts(own.required);
  return Object.entries(own.properties)
    .filter(([key]) => !COMMON.includes(key))
    .map(([key, property]) =>
      fieldOf(key, isFields(property) ? property : {}, required.includes(key)),
    );
}

function kindOf(variant: Fields): unknown {
  const properties = isFields(variant.properties) ? variant.properties : {};
  return isFields(properties.kind) ? properties.kind.const : undefined;
}

function fieldOf(key: string, property: Fields, isRequired: boolean): SchemaField {
  return {
    key,
    kind: kindOfField(key, property),
    choices: texts(property.enum),
    isDefault: property.default === true,
    isRequired,
    description: text(property.description),
  };
}

function kindOfField(key: string, property: Fields): FieldKind {
  const reference = text(property.$ref).split("/").at(-1);
  if (reference === "template") return "template";
  if (reference === "name" || reference === "address_name") return "name";
  if (reference === "headers") return "headers";
  if (Array.isArray(property.enum)) return "choice";
  switch (property.type) {
    case "boolean":
      return "switch";
    case "integer":
    case "number":
      return key.endsWith("_ms") ? "duration" : "number";
    case "string":
      return "template";
    default:
      return "json";
  }
}

/** `parallel_max` is said as `Parallel max`. */
export function labelOfKey(key: string): string {
  const words = key.replace(/_ms$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
