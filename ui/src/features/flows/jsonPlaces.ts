/**
 * Reads a JSON text for its places: where each value stands, by its JSON pointer, or where the
 * first mistake is. The value itself comes from `JSON.parse`.
 */
export interface Place {
  offset: number;
  line: number;
  column: number;
}

export type SyntaxMistake =
  "end" | "value" | "key" | "colon" | "comma" | "string" | "number" | "extra";

export type JsonPlaces =
  { ok: true; places: Map<string, number> } | { ok: false; mistake: SyntaxMistake; offset: number };

// eslint-disable-next-line no-control-regex -- these are what JSON forbids inside a text
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
const DEPTH_MAX = 500;

class Mistake extends Error {
  readonly mistake: SyntaxMistake;
  readonly offset: number;

  constructor(mistake: SyntaxMistake, offset: number) {
    super(mistake);
    this.mistake = mistake;
    this.offset = offset;
  }
}

export function readPlaces(text: string): JsonPlaces {
  const reader = new Reader(text);
  try {
    reader.value("", 0);
    reader.skipSpace();
    if (reader.at < text.length) throw new Mistake("extra", reader.at);
    return { ok: true, places: reader.places };
  } catch (error) {
    if (error instanceof Mistake)
      return { ok: false, mistake: error.mistake, offset: error.offset };
    throw error;
  }
}

/** The line and column of an offset, both counted from 1. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { offset, line, column: offset - before.lastIndexOf("\n") };
}

/** Where a pointer leads; for something that is missing, the nearest thing around it. */
export function nearestOffset(places: Map<string, number>, pointer: string): number {
  for (let path = pointer; path !== ""; path = path.slice(0, path.lastIndexOf("/"))) {
    const offset = places.get(path);
    if (offset !== undefined) return offset;
  }
  return places.get("") ?? 0;
}

class Reader {
  at = 0;
  readonly places = new Map<string, number>();
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(path: string, depth: number, keyAt?: number) {
    this.skipSpace();
    this.places.set(path, keyAt ?? this.at);
    const first = this.text[this.at];
    if (first === undefined) throw new Mistake("end", this.at);
    if (depth > DEPTH_MAX) throw new Mistake("value", this.at);
    if (first === "{") this.object(path, depth);
    else if (first === "[") this.array(path, depth);
    else if (first === '"') this.string("string");
    else if (/[-\d]/.test(first)) this.match(NUMBER, "number");
    else this.match(LITERAL, "value");
  }

  skipSpace() {
    this.match(SPACE, "value");
  }

  private object(path: string, depth: number) {
    this.at++;
    if (this.takes("}")) return;
    for (;;) {
      this.skipSpace();
      const keyAt = this.at;
      const key = JSON.parse(this.string("key")) as string;
      if (!this.takes(":")) throw this.mistake("colon");
      const step = key.replaceAll("~", "~0").replaceAll("/", "~1");
      this.value(`${path}/${step}`, depth + 1, keyAt);
      if (this.takes("}")) return;
      if (!this.takes(",")) throw this.mistake("comma");
    }
  }

  private array(path: string, depth: number) {
    this.at++;
    if (this.takes("]")) return;
    for (let index = 0; ; index++) {
      this.value(`${path}/${index}`, depth + 1);
      if (this.takes("]")) return;
      if (!this.takes(",")) throw this.mistake("comma");
    }
  }

  private string(otherwise: SyntaxMistake): string {
    if (this.text[this.at] !== '"') throw this.mistake(otherwise);
    return this.match(STRING, "string");
  }

  private takes(mark: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp, otherwise: SyntaxMistake): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) throw new Mistake(otherwise, this.at);
    this.at = pattern.lastIndex;
    return found[0];
  }

  private mistake(mistake: SyntaxMistake): Mistake {
    return new Mistake(this.at >= this.text.length ? "end" : mistake, this.at);
  }
}
