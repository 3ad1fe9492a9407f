/** The body of a cURL command: what `-d`, `--json`, `-F` and their kin add up to. */
import type { Option } from "./options";
import type { CurlNote, CurlPart } from "./request";

export interface Data {
  text: string;
  contentType: string;
}

/** Null: no option gives data. */
export function dataOf(options: Option[], notes: CurlNote[]): Data | null {
  let text: string | null = null;
  let isJson = false;
  for (const { name, value } of options) {
    const piece = pieceOf(name, value, notes);
    if (piece === null) continue;
    isJson ||= name === "json";
    const mark = name === "json" ? "" : "&";
    text = text === null ? piece : text + mark + piece;
  }
  if (text === null) return null;
  return {
    text,
    contentType: isJson ? "application/json" : "application/x-www-form-urlencoded",
  };
}

function pieceOf(name: string, value: string, notes: CurlNote[]): string | null {
  switch (name) {
    case "data-raw":
      return value;
    case "data":
    case "data-ascii":
    case "data-binary":
    case "json":
      if (!value.startsWith("@")) return value;
      notes.push({ kind: "file", name: value.slice(1) });
      return "";
    case "data-urlencode":
      return encoded(value, notes);
    default:
      return null;
  }
}

/** `content`, `=content`, `name=content`; `@file` and `name@file` name a file. */
function encoded(value: string, notes: CurlNote[]): string {
  const found = /^([^=@]*)([=@])(.*)$/s.exec(value);
  if (!found) return percent(value);
  const [, name = "", mark, content = ""] = found;
  const prefix = name === "" ? "" : `${name}=`;
  if (mark === "=") return prefix + percent(content);
  notes.push({ kind: "file", name: content });
  return prefix;
}

function percent(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}

export function multipartOf(options: Option[], notes: CurlNote[]): CurlPart[] {
  return options.flatMap(({ name, value }): CurlPart[] => {
    if (name !== "form" && name !== "form-string") return [];
    const at = value.indexOf("=");
    if (at === -1) return [];
    const part = value.slice(0, at);
    const content = value.slice(at + 1);
    if (name === "form-string") return [{ name: part, value: content }];
    if (content.startsWith("@") || content.startsWith("<")) {
      const file = bare(content.slice(1));
      notes.push({ kind: "file", name: file });
      return [{ name: part, file }];
    }
    return [{ name: part, value: bare(content) }];
  });
}

/** Without `;type=…` and the like behind it, and without quotes around it. */
function bare(content: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/s.exec(content);
  if (quoted) return (quoted[1] ?? "").replace(/\\(["\\])/g, "$1");
  return content.replace(/;(?:type|filename|headers|encoder)=.*$/s, "");
}
