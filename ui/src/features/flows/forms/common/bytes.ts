/** Sizes as people write them: `64 KiB`, `1.5 MiB`. Exact in both directions. Pure. */
const UNITS: [number, string, RegExp][] = [
  [1024 ** 3, "GiB", /^g(ib)?$/],
  [1024 ** 2, "MiB", /^m(ib)?$/],
  [1024, "KiB", /^k(ib)?$/],
];
const DECIMAL: Record<string, number> = { kb: 1e3, mb: 1e6, gb: 1e9 };

/** In the largest unit that says it exactly, with at most two places. */
export function bytesText(bytes: number): string {
  for (const [size, unit] of UNITS) {
    const amount = bytes / size;
    if (amount >= 1 && Math.round(amount * 100) / 100 === amount) return `${amount} ${unit}`;
  }
  return `${bytes} B`;
}

/** Null for what is no size. A number alone are bytes, as in the document. */
export function parseBytes(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim().toLowerCase().replace(",", "."));
  if (!found) return null;
  const unit = found[2] ?? "";
  const binary = UNITS.find(([, , names]) => names.test(unit))?.[0];
  const size = /^(b|bytes?)?$/.test(unit) ? 1 : (DECIMAL[unit] ?? binary);
  const bytes = size === undefined ? NaN : Number(found[1]) * size;
  return Number.isSafeInteger(bytes) ? bytes : null;
}
