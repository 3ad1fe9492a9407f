/** Texts made 40 % longer and accented, with their placeholders and tags kept whole. */
const ACCENTS: Record<string, string> = { a: "á", e: "é", i: "í", o: "ö", u: "ü", c: "ç", n: "ñ" };
const KEPT = /(\{\{[^}]*\}\}|<\/?\w+\/?>|\$t\([^)]*\))/;

export function lengthen(texts: unknown): unknown {
  if (typeof texts === "string") return lengthenText(texts);
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, lengthen(value)]));
}

export function lengthenText(text: string): string {
  const parts = text.split(KEPT);
  const accented = parts.map((part, at) => (at % 2 === 1 ? part : accent(part)));
  return accented.join("") + "~".repeat(Math.ceil(text.length * 0.4));
}

function accent(text: string): string {
  return text.replace(/[aeioucn]/g, (letter) => ACCENTS[letter] ?? letter);
}
