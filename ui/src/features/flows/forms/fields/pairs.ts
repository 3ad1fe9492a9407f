/** Names and values as rows of a table: reading them, pasting many, and what is wrong with one. */
import { isFields } from "../../document";
import { isName } from "@/features/lists/NameInput";

export interface Pair {
  /** Tells rows apart while names are typed. */
  id: number;
  name: string;
  /** A text; or JSON, where a value may be more than a text. */
  value: unknown;
}

export type PairsKind = "headers" | "query" | "values";
export type PairMistake = "nameless" | "twice" | "badHeader" | "ourHeader" | "badName" | "figures";

/** They belong to the connection or frame the body; Hookloom sets them itself. */
const HEADERS_OURS = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

let lastId = 0;

export function pair(name: string, value: unknown): Pair {
  return { id: ++lastId, name, value };
}

export function pairsOf(value: unknown): Pair[] {
  return isFields(value) ? Object.entries(value).map(([name, each]) => pair(name, each)) : [];
}

/** What the document gets: rows without a name wait, of a repeated name the first counts. */
export function fieldsOf(pairs: Pair[]): Record<string, unknown> {
  const seen = new Set<string>();
  const kept = pairs.filter(({ name }) => name !== "" && !seen.has(name) && seen.add(name));
  return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
}

/** `isOrdered`: the order of the rows has a meaning. */
export function mistakesIn(
  pairs: Pair[],
  kind: PairsKind,
  isOrdered = false,
): Map<number, PairMistake> {
  const fold = (name: string) => (kind === "headers" ? name.toLowerCase() : name);
  const seen = new Set<string>();
  const found = new Map<number, PairMistake>();
  for (const { id, name, value } of pairs) {
    const mistake =
      name === ""
        ? value !== "" && "nameless"
        : seen.has(fold(name))
          ? "twice"
          : (nameMistake(name, kind) ?? (isOrdered && isOutOfOrder(name, seen) && "figures"));
    if (mistake) found.set(id, mistake);
    seen.add(fold(name));
  }
  return found;
}

/** In an object, names that are whole numbers come first, in their order, wherever they are written. */
function isOutOfOrder(name: string, before: ReadonlySet<string>): boolean {
  const isIndex = (each: string) => /^(?:0|[1-9]\d{0,8})$/.test(each);
  return (
    isIndex(name) &&
    [...before].some((each) => each !== "" && (!isIndex(each) || Number(each) > Number(name)))
  );
}

function nameMistake(name: string, kind: PairsKind): PairMistake | null {
  if (kind === "values") return isName(name) ? null : "badName";
  if (kind !== "headers") return null;
  if (!HEADER_NAME.test(name)) return "badHeader";
  return HEADERS_OURS.has(name.toLowerCase()) ? "ourHeader" : null;
}

/** Rows out of a pasted text: lines of `Name: value` or `name=value`, a query, or JSON. Empty if it has none. */
export function parsePairs(text: string): [string, unknown][] {
  const json = jsonPairs(text);
  if (json) return json;
  const trimmed = text.trim();
  if (/^\??[^\s:=&]+=[^\s&]*(&[^\s=&]+(=[^\s&]*)?)+$/.test(trimmed)) return queryPairs(trimmed);
  const lines = trimmed.split(/\r\n|\r|\n/).map((line) => line.trim());
  const pairs: [string, unknown][] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const next = lines[at + 1];
    // Browsers copy a header as two lines: its name with a colon, then its value.
    if (/^[^\s:]+:$/.test(line) && next && !/^:|^[^\s:]+:(\s|$)/.test(next)) {
      pairs.push([line.slice(0, -1), next]);
      at++;
    } else {
      const found = linePair(line);
      if (found) pairs.push(found);
    }
  }
  return pairs;
}

function linePair(line: string): [string, string] | null {
  // The first line of a request and HTTP/2's own names are no headers.
  if (line === "" || line.startsWith(":") || /^[A-Z]+ \S+ HTTP\/[\d.]+$/.test(line)) return null;
  if (/^HTTP\/[\d.]+ \d{3}/.test(line)) return null;
  const found = /^([^:=]+?)\s*[:=]\s*(.*)$/s.exec(line);
  const name = unquoted(found?.[1] ?? "");
  return found && name !== "" ? [name, unquoted((found[2] ?? "").replace(/,$/, ""))] : null;
}

/** Quotes around both ends are how other languages write a text; a comma after it goes with them. */
function unquoted(text: string): string {
  const found = /^(["'])(.*)\1$/s.exec(text);
  return found ? (found[2] ?? "") : text;
}

function queryPairs(text: string): [string, unknown][] {
  return [...new URLSearchParams(text.replace(/^\?/, ""))];
}

function jsonPairs(text: string): [string, unknown][] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isFields(value)) return Object.entries(value);
  if (!Array.isArray(value)) return null;
  const pairs = value.map(listedPair);
  return pairs.every((each) => each !== null) ? pairs : null;
}

/** `["name", "value"]`, or `{"name": …, "value": …}` as tools of browsers write it. */
function listedPair(value: unknown): [string, unknown] | null {
  if (Array.isArray(value)) {
    const [name, content] = value as unknown[];
    return typeof name === "string" && value.length === 2 ? [name, content] : null;
  }
  if (!isFields(value) || typeof value.name !== "string" || value.value === undefined) return null;
  return [value.name, value.value];
}

/** Pasted rows take the place of rows with the same name; the others come after what is there. */
export function withPasted(pairs: Pair[], pasted: [string, unknown][], kind: PairsKind): Pair[] {
  const fold = (name: string) => (kind === "headers" ? name.toLowerCase() : name);
  const kept = pairs.filter(({ name, value }) => name !== "" || value !== "");
  for (const [name, given] of pasted) {
    const value =
      kind === "headers" && typeof given !== "string" ? (JSON.stringify(given) ?? "") : given;
    const at = kept.findIndex((each) => fold(each.name) === fold(name));
    const old = kept[at];
    if (old) kept[at] = { ...old, value };
    else kept.push(pair(name, value));
  }
  return kept;
}
