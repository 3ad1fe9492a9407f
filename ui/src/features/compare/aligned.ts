/** Two JSON values written beside each other, line by line, what belongs together at one height. Pure. */
import type { Diff, Json } from "./diff";

export interface AlignedRow {
  left: string | null;
  right: string | null;
  tone: "same" | "added" | "removed" | "changed";
}

interface Place {
  indent: string;
  /** `"name": ` before the value. */
  prefix: string;
  /** Whether a comma follows, on each side. */
  commas: readonly [boolean, boolean];
}

type Tone = AlignedRow["tone"];
const STEP = "  ";

export function alignedRows(before: Json, change: Diff | null): AlignedRow[] {
  const rows: AlignedRow[] = [];
  write(rows, before, change, { indent: "", prefix: "", commas: [false, false] });
  return rows;
}

function write(rows: AlignedRow[], before: Json, change: Diff | null, place: Place): void {
  if (change === null) return side(rows, before, before, "same", place);
  if (change.kind === "changed") return side(rows, change.before, change.after, "changed", place);
  const isList = change.kind === "list";
  push(rows, isList ? "[" : "{", place, [false, false], place.prefix);
  const members = isList
    ? listMembers(before as Json[], change.items)
    : objectMembers(before as Record<string, Json>, change.entries);
  const lastLeft = members.findLastIndex(({ kind }) => kind !== "added");
  const lastRight = members.findLastIndex(({ kind }) => kind !== "removed");
  for (const [at, member] of members.entries()) {
    const inside: Place = {
      indent: place.indent + STEP,
      prefix: isList ? "" : `${JSON.stringify(member.name)}: `,
      commas: [at < lastLeft, at < lastRight],
    };
    if (member.kind === "both") write(rows, member.value, member.change, inside);
    else if (member.kind === "added") side(rows, undefined, member.value, "added", inside);
    else side(rows, member.value, undefined, "removed", inside);
  }
  push(rows, isList ? "]" : "}", place, place.commas, "");
}

type Member =
  | { kind: "both"; name: string; value: Json; change: Diff | null }
  | { kind: "added"; name: string; value: Json }
  | { kind: "removed"; name: string; value: Json };

function objectMembers(
  before: Record<string, Json>,
  entries: Extract<Diff, { kind: "object" }>["entries"],
): Member[] {
  const changes = new Map(entries);
  const members = Object.entries(before).map(([name, value]): Member => {
    const change = changes.get(name) ?? null;
    if (change?.kind === "removed") return { kind: "removed", name, value };
    return { kind: "both", name, value, change: change as Diff | null };
  });
  for (const [name, change] of entries) {
    if (change.kind === "added") members.push({ kind: "added", name, value: change.value });
  }
  return members;
}

function listMembers(before: Json[], items: Extract<Diff, { kind: "list" }>["items"]): Member[] {
  const members: Member[] = [];
  let at = 0;
  for (const item of items) {
    if (item.kind === "same") {
      for (const value of before.slice(at, at + item.count)) {
        members.push({ kind: "both", name: "", value, change: null });
      }
      at += item.count;
    } else if (item.kind === "added") members.push({ kind: "added", name: "", value: item.value });
    else {
      const value = before[at++];
      if (item.kind === "removed") members.push({ kind: "removed", name: "", value });
      else members.push({ kind: "both", name: "", value, change: item });
    }
  }
  return members;
}

function side(rows: AlignedRow[], left: Json, right: Json, tone: Tone, place: Place): void {
  const lines = [linesOf(left, place, 0), linesOf(right, place, 1)] as const;
  for (let at = 0; at < Math.max(lines[0].length, lines[1].length); at++) {
    rows.push({ left: lines[0][at] ?? null, right: lines[1][at] ?? null, tone });
  }
}

/** Nothing for a side that does not have the value. */
function linesOf(value: Json, { indent, prefix, commas }: Place, at: 0 | 1): string[] {
  if (value === undefined) return [];
  const lines = JSON.stringify(value, null, STEP).split("\n");
  const last = lines.length - 1;
  return lines.map(
    (line, each) =>
      `${indent}${each === 0 ? prefix : ""}${line}${each === last && commas[at] ? "," : ""}`,
  );
}

function push(
  rows: AlignedRow[],
  sign: string,
  { indent }: Place,
  commas: readonly [boolean, boolean],
  prefix: string,
): void {
  const line = (at: 0 | 1) => `${indent}${prefix}${sign}${commas[at] ? "," : ""}`;
  rows.push({ left: line(0), right: line(1), tone: "same" });
}

export type ShownRow = AlignedRow | { tone: "gap"; count: number };

const CONTEXT_ROWS = 3;

/** Long stretches without a difference become one row that says how long they are. */
export function withGaps(rows: AlignedRow[]): ShownRow[] {
  const near = new Uint8Array(rows.length);
  for (const [at, { tone }] of rows.entries()) {
    if (tone === "same") continue;
    near.fill(1, Math.max(0, at - CONTEXT_ROWS), at + CONTEXT_ROWS + 1);
  }
  const shown: ShownRow[] = [];
  for (const [at, row] of rows.entries()) {
    const last = shown.at(-1);
    if (near[at]) shown.push(row);
    else if (last?.tone === "gap") last.count++;
    // A row that says that one line is left out is no shorter than the line.
    else if (near[at + 1] || at + 1 === rows.length) shown.push(row);
    else shown.push({ tone: "gap", count: 1 });
  }
  return shown;
}
