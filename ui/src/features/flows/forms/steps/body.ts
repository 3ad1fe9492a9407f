/** The body of a request or an answer: which of its forms it has, and how one becomes another. */
import { isFields, text, type Fields } from "../../document";
import type { TemplatePlace } from "../types";
import { withField, without } from "./stepFields";

export type BodyType =
  | "none"
  | "json"
  | "text"
  | "form"
  | "xml"
  | "multipart"
  | "file"
  /** JSON written out in the document, not as a text. */
  | "value";

const CONTENT_TYPES: Partial<Record<BodyType, string>> = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  xml: "application/xml",
  text: "text/plain; charset=utf-8",
};

export function bodyTypeOf(fields: Fields): BodyType {
  if (fields.multipart !== undefined) return "multipart";
  if (fields.body_file !== undefined) return "file";
  if (fields.body === undefined) return "none";
  if (typeof fields.body !== "string") return "value";
  return textTypeOf(contentTypeOf(fields));
}

export function contentTypeOf(fields: Fields): string {
  const name = contentTypeName(fields);
  return name === undefined ? "" : text((fields.headers as Fields)[name]);
}

function textTypeOf(contentType: string): "json" | "form" | "xml" | "text" {
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (type.endsWith("/json") || type.endsWith("+json")) return "json";
  if (type === "application/x-www-form-urlencoded") return "form";
  return type.endsWith("/xml") || type.endsWith("+xml") ? "xml" : "text";
}

/** How values in the text of a body are escaped. */
export function bodyPlace(fields: Fields): TemplatePlace {
  return textTypeOf(contentTypeOf(fields));
}

/** The fields with another form of body: what was written is taken over as far as it fits. */
export function withBodyType(fields: Fields, type: BodyType): Fields {
  const before = bodyTypeOf(fields);
  if (before === type) return fields;
  const content = contentOf(fields, before);
  const bare = without(fields, ["body", "body_file", "multipart"]);
  const typed = withContentType(bare, CONTENT_TYPES[type]);
  switch (type) {
    case "none":
      return typed;
    case "multipart":
      return { ...typed, multipart: [{ name: content === "" ? "" : "body", value: content }] };
    case "file":
      return { ...typed, body_file: before === "none" ? "{{trigger.body}}" : content };
    case "value":
      return { ...typed, body: parsed(content) };
    default:
      return { ...typed, body: content };
  }
}

function contentOf(fields: Fields, type: BodyType): string {
  if (type === "none") return "";
  if (type === "file") return text(fields.body_file);
  const content = type === "multipart" ? onlyPart(fields.multipart) : fields.body;
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}

/** One part that was made of a whole body is that body again. */
function onlyPart(parts: unknown): unknown {
  const [first, ...others] = Array.isArray(parts) ? (parts as unknown[]) : [];
  const isWhole = others.length === 0 && isFields(first) && typeof first.value === "string";
  return isWhole ? first.value : parts;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return [content];
  }
}

/** Sets the header under the name that it has; undefined takes it out. */
function withContentType(fields: Fields, contentType: string | undefined): Fields {
  const headers = isFields(fields.headers) ? fields.headers : {};
  const name = contentTypeName(fields);
  if (contentType === undefined) {
    if (name === undefined) return fields;
    const rest = without(headers, [name]);
    return withField(fields, "headers", Object.keys(rest).length === 0 ? undefined : rest);
  }
  return { ...fields, headers: { ...headers, [name ?? "Content-Type"]: contentType } };
}

function contentTypeName(fields: Fields): string | undefined {
  const headers = isFields(fields.headers) ? Object.keys(fields.headers) : [];
  return headers.find((name) => name.toLowerCase() === "content-type");
}
