/** Cuts a pasted command into its words, as the shell that it was written for would. Never fails. */
import { argumentWords, withoutCarets } from "./cmdWords";

export type Shell = "posix" | "cmd" | "powershell";

/** What stands between single quotes is somebody's text, whatever signs are in it. */
const QUOTED = /\$'(?:[^'\\]|\\.)*'|'[^']*'|\\'/gs;

export function shellOf(text: string): Shell {
  const start = text.trimStart().toLowerCase();
  const signs = text.replace(QUOTED, "");
  const isCmd = /\^[ \t]*\r?\n|\^"/.test(signs);
  if (/^(?:curl\.exe|invoke-webrequest|invoke-restmethod|iwr|irm)\b/.test(start)) {
    return isCmd ? "cmd" : "powershell";
  }
  if (/`[ \t]*\r?\n/.test(signs) && !/\\[ \t]*\r?\n/.test(signs)) return "powershell";
  return isCmd ? "cmd" : "posix";
}

export function wordsOf(text: string, shell: Shell): string[] {
  switch (shell) {
    case "posix":
      return new PosixWords(text).read();
    case "cmd":
      return argumentWords(withoutCarets(text));
    case "powershell":
      return new PowerShellWords(text).read();
  }
}

/** Characters of a text one after the other, gathered into words. */
abstract class Words {
  protected at = 0;
  private readonly words: string[] = [];
  private word: string | null = null;
  protected readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): string[] {
    while (this.at < this.text.length && this.step()) {
      // Each step takes at least one character.
    }
    this.endWord();
    return this.words;
  }

  /** False at the end of the command. */
  protected abstract step(): boolean;

  protected get char(): string {
    return this.text[this.at] ?? "";
  }

  protected next(by = 1): string {
    return this.text[this.at + by] ?? "";
  }

  protected get isInWord(): boolean {
    return this.word !== null;
  }

  protected add(piece: string) {
    this.word = (this.word ?? "") + piece;
  }

  protected endWord() {
    if (this.word !== null) this.words.push(this.word);
    this.word = null;
  }

  /** The length of a line's end here, 0 if there is none. */
  protected lineEnd(by: number): number {
    if (this.next(by) === "\n") return 1;
    return this.next(by) === "\r" && this.next(by + 1) === "\n" ? 2 : 0;
  }
}

const ESCAPES: Record<string, string> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

class PosixWords extends Words {
  protected step(): boolean {
    const { char } = this;
    if (char === "'") return this.single();
    if (char === '"') return this.double();
    if (char === "$" && this.next() === "'") return this.ansi();
    if (char === "$" && this.next() === '"') return this.move(1);
    if (char === "\\") return this.escape();
    if (/\s/.test(char)) {
      this.endWord();
      return this.move(1);
    }
    if (char === "#" && !this.isInWord) {
      while (this.at < this.text.length && this.char !== "\n") this.at++;
      return true;
    }
    // What follows is another command, or where the answer goes.
    if (char === "|" || char === ";" || char === ">") return false;
    if (char === "&" && (this.next() === "&" || !this.isInWord)) return false;
    this.add(char);
    return this.move(1);
  }

  private move(by: number): true {
    this.at += by;
    return true;
  }

  private escape(): true {
    // Blanks after the mark are a mistake that copying makes.
    const blank = /^\\[ \t]*\r?\n/.exec(this.text.slice(this.at));
    if (blank) return this.move(blank[0].length);
    this.add(this.next());
    return this.move(2);
  }

  private single(): true {
    const end = this.text.indexOf("'", this.at + 1);
    const to = end === -1 ? this.text.length : end;
    this.add(this.text.slice(this.at + 1, to));
    this.at = to + 1;
    return true;
  }

  private double(): true {
    this.add("");
    for (this.at++; this.at < this.text.length && this.char !== '"'; this.at++) {
      if (this.char !== "\\") this.add(this.char);
      else if (this.lineEnd(1) > 0) this.at += this.lineEnd(1);
      else if ('$`"\\'.includes(this.next()) && this.next() !== "")
        this.add(this.text[++this.at] ?? "");
      else this.add("\\");
    }
    return this.move(1);
  }

  private ansi(): true {
    this.add("");
    for (this.at += 2; this.at < this.text.length && this.char !== "'"; this.at++) {
      if (this.char === "\\") this.ansiEscape();
      else this.add(this.char);
    }
    return this.move(1);
  }

  private ansiEscape() {
    const rest = this.text.slice(this.at + 1, this.at + 10);
    const code =
      /^x([0-9a-fA-F]{1,2})/.exec(rest) ??
      /^u([0-9a-fA-F]{1,4})/.exec(rest) ??
      /^U([0-9a-fA-F]{1,8})/.exec(rest);
    const octal = /^[0-7]{1,3}/.exec(rest);
    const point = code ? parseInt(code[1] ?? "", 16) : octal ? parseInt(octal[0], 8) : null;
    if (point !== null && point <= 0x10ffff) {
      this.add(String.fromCodePoint(point));
      this.at += (code ?? octal)?.[0].length ?? 0;
    } else {
      const letter = rest[0] ?? "";
      this.add(ESCAPES[letter] ?? letter);
      this.at++;
    }
  }
}

class PowerShellWords extends Words {
  protected step(): boolean {
    const { char } = this;
    if (char === "'") this.single();
    else if (char === '"') this.double();
    else if (char === "`") this.tick();
    else if (/\s/.test(char)) {
      // The end of a line ends a pair of names and values.
      this.endWord();
      if (char === "\n") this.mark("\n");
      this.at++;
    } else if (char === "|") return false;
    else if (char === "@" && this.next() === "{") {
      this.mark("@{");
      this.at += 2;
    } else if (char === "}" || char === ";" || char === "=") {
      this.mark(char);
      this.at++;
    } else {
      this.add(char);
      this.at++;
    }
    return true;
  }

  /** Marks are words of their own that no text can be. */
  private mark(mark: string) {
    if (mark === "=" && this.isInWord && this.isUrlLike()) {
      this.add(mark);
      return;
    }
    this.endWord();
    this.add(markOf(mark));
    this.endWord();
  }

  /** `a=b` of an option that is no pair: outside of `@{ }` it is only text. */
  private isUrlLike(): boolean {
    const before = this.text.slice(0, this.at);
    return before.lastIndexOf("@{") <= before.lastIndexOf("}");
  }

  private tick() {
    const blank = /^`[ \t]*\r?\n/.exec(this.text.slice(this.at));
    if (blank) {
      this.endWord();
      this.at += blank[0].length;
      return;
    }
    this.add(tickEscape(this.next()));
    this.at += 2;
  }

  private single() {
    this.add("");
    for (this.at++; this.at < this.text.length; this.at++) {
      if (this.char === "'" && this.next() !== "'") break;
      if (this.char === "'") this.at++;
      this.add(this.char);
    }
    this.at++;
  }

  private double() {
    this.add("");
    for (this.at++; this.at < this.text.length; this.at++) {
      if (this.char === "`") this.add(tickEscape(this.text[++this.at] ?? ""));
      // Programs take a quote after a backslash as a quote; PowerShell ends its text there.
      else if (this.char === "\\" && this.next() === '"') this.add(this.text[++this.at] ?? "");
      else if (this.char === '"' && this.next() === '"') this.add(this.text[++this.at] ?? "");
      else if (this.char === '"') break;
      else this.add(this.char);
    }
    this.at++;
  }
}

/** A mark of PowerShell among words. */
export function markOf(mark: string): string {
  return `\u0000${mark}`;
}

function tickEscape(letter: string): string {
  return letter === "0" ? "" : (ESCAPES[letter] ?? letter);
}
