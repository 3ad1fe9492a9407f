/** How Windows' command line and its programs cut a command into words. */

/**
 * `^` takes the meaning from the next character, and joins lines. Between quotes it is a character; but where quotes
 * themselves are written `^"`, as browsers do, it has its meaning everywhere.
 */
export function withoutCarets(text: string): string {
  const everywhere = text.includes('^"');
  let out = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"' && !everywhere) isQuoted = !isQuoted;
    if (char !== "^" || isQuoted) {
      out += char;
      continue;
    }
    const line = /^\^[ \t]*\r?\n/.exec(text.slice(at, at + 40));
    if (!line) out += text[++at] ?? "";
    else {
      at += line[0].length - 1;
      // A second end of the line is one of the text.
      const second = /^\r?\n/.exec(text.slice(at + 1, at + 3));
      if (second) out += "\n";
      at += second?.[0].length ?? 0;
    }
  }
  return out;
}

/** The rules by which a Windows program reads its arguments. */
export function argumentWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const next = text[at + 1];
    if (char === "\\" && next === '"') {
      word = `${word ?? ""}"`;
      at++;
    } else if (char === '"' && isQuoted && next === '"') {
      word = `${word ?? ""}"`;
      at++;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      word ??= "";
    } else if (!isQuoted && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (!isQuoted && (char === "|" || char === ">")) break;
    else word = (word ?? "") + char;
  }
  return word === null ? words : [...words, word];
}
