/** A form body `a=1&b={{ expression }}` as names and values, and back. Expressions stay as they are. */
import { expressionSpans } from "../code/expressionSpans";

/** Null: this text cannot be shown as rows without changing it. */
export function formRows(body: string): Record<string, string> | null {
  if (body === "") return {};
  const rows: [string, string][] = [];
  for (const part of split(body, "&")) {
    const [name = "", ...rest] = split(part, "=");
    const decoded = decode(name);
    const value = decode(rest.join("="));
    if (decoded === null || value === null || decoded === "") return null;
    rows.push([decoded, value]);
  }
  const fields = Object.fromEntries(rows);
  const isWhole = formBody(fields) === body && Object.keys(fields).length === rows.length;
  return isWhole ? fields : null;
}

export function formBody(rows: Record<string, unknown>): string {
  return Object.entries(rows)
    .map(([name, value]) => `${encode(name)}=${encode(valueText(value))}`)
    .join("&");
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Cuts at a mark, but not inside an expression. */
function split(body: string, mark: string): string[] {
  const parts: string[] = [];
  const spans = expressionSpans(body);
  let from = 0;
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + 1)) {
    if (spans.some((span) => span.from < at && at < span.to)) continue;
    parts.push(body.slice(from, at));
    from = at + 1;
  }
  return [...parts, body.slice(from)];
}

function decode(encoded: string): string | null {
  try {
    return mapText(encoded, (text) => decodeURIComponent(text.replaceAll("+", " ")));
  } catch {
    return null;
  }
}

function encode(decoded: string): string {
  return mapText(decoded, (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));
}

function mapText(text: string, change: (text: string) => string): string {
  let out = "";
  let end = 0;
  for (const { from, to } of expressionSpans(text)) {
    out += change(text.slice(end, from)) + text.slice(from, to);
    end = to;
  }
  return out + change(text.slice(end));
}
