/** Durations as people write them: `30 s`, `2 min`, `1 h 30 min`. Exact in both directions. */
const UNITS: [number, string, RegExp][] = [
  [86_400_000, "d", /^(d|days?)$/],
  [3_600_000, "h", /^(h|hrs?|hours?)$/],
  [60_000, "min", /^(m|mins?|minutes?)$/],
  [1000, "s", /^(s|secs?|seconds?)$/],
  [1, "ms", /^(ms|msecs?|milliseconds?)$/],
];

/** Every millisecond is said: what was written in comes out again. */
export function durationText(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) return String(ms);
  if (ms === 0) return "0 s";
  const parts: string[] = [];
  let rest = ms;
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0) continue;
    parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.join(" ");
}

/** Milliseconds; null for what is no duration. A number alone are milliseconds, as in the document. */
export function parseDuration(text: string): number | null {
  const rest = text.trim().toLowerCase().replace(",", ".");
  if (/^\d+$/.test(rest)) return whole(Number(rest));
  const pieces = [...rest.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gy)];
  if (pieces.length === 0 || pieces.map(([all]) => all).join("") !== rest) return null;
  let ms = 0;
  for (const [, amount, word] of pieces) {
    const unit = UNITS.find(([, , names]) => names.test(word ?? ""));
    if (!unit) return null;
    ms += Number(amount) * unit[0];
  }
  return whole(Math.round(ms));
}

function whole(ms: number): number | null {
  return Number.isSafeInteger(ms) ? ms : null;
}
