import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, changesOf, diff } from "./diff";

/** What JSON.parse gives: `-0` and `__proto__` too. */
const json = fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown);
/** Two values that have much in common, as two jobs of one flow have. */
const similar = fc
  .tuple(
    fc.array(fc.record({ id: fc.nat(5), tags: fc.array(fc.nat(3), { maxLength: 4 }) })),
    fc.array(fc.record({ id: fc.nat(5), tags: fc.array(fc.nat(3), { maxLength: 4 }) })),
    json,
  )
  .map(([a, b, c]) => [
    { list: a, both: c, same: 1 },
    { list: b, both: c, same: 1 },
  ]);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : Object.is(each, -0)
        ? "minus zero"
        : each,
  );

describe("the difference of two JSON values", () => {
  it("is nothing between a value and itself", () => {
    fc.assert(
      fc.property(json, (a) => {
        expect(diff(a, a)).toBeNull();
        expect(diff(a, structuredClone(a))).toBeNull();
      }),
    );
  });

  it("makes the second of the first", () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(json, json), similar), ([a, b]) => {
        expect(canonical(apply(a, diff(a, b)))).toBe(canonical(b));
      }),
      { numRuns: 500 },
    );
  });

  it("is nothing only between values that are the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(json, json), similar), ([a, b]) => {
        expect(diff(a, b) === null).toBe(canonical(a) === canonical(b));
        expect(changesOf(diff(a, b)).length === 0).toBe(canonical(a) === canonical(b));
      }),
      { numRuns: 500 },
    );
  });

  it("names the place of each change, and one that was put in changes nothing behind it", () => {
    const before = { total: 1, items: [{ sku: "a" }, { sku: "b" }], old: true };
    const after = { total: 2, items: [{ sku: "new" }, { sku: "a" }, { sku: "b" }] };
    expect(changesOf(diff(before, after))).toEqual([
      { kind: "changed", path: ["total"], before: 1, after: 2 },
      { kind: "added", path: ["items", 0], after: { sku: "new" } },
      { kind: "removed", path: ["old"], before: true },
    ]);
  });
});
