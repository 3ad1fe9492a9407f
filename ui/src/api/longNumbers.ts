/** Whole numbers of a JSON text that a browser would write as others: those with more digits than it holds. Pure. */

/** In order: a text, which may hold anything; a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** With fewer digits every number is held exactly. */
const DIGITS_MIN = 16;

export function longNumbers(json: string): string[] {
  return (json.match(TOKEN) ?? []).filter(isLong);
}

function isLong(token: string): boolean {
  return token.length >= DIGITS_MIN && /^-?\d+$/.test(token) && String(Number(token)) !== token;
}
