import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, diff, invert, PatchMismatch, same } from "./patch";

const json = () => fc.jsonValue({ maxDepth: 4 });

describe("a patch", () => {
  it("leads from one value to the other, and turned round back, with the order of keys", () => {
    fc.assert(
      fc.property(json(), json(), (before, after) => {
        const patch = diff(before, after);
        expect(JSON.stringify(apply(before, patch))).toBe(JSON.stringify(after));
        expect(JSON.stringify(apply(after, invert(patch)))).toBe(JSON.stringify(before));
      }),
      { numRuns: 500 },
    );
  });

  it("is small: a letter in a long document is one change of one value", () => {
    const step = (n: number) => ({ name: `s${n}`, kind: "http", url: `https://a.example/${n}` });
    const before = { name: "f", steps: Array.from({ length: 200 }, (_, n) => step(n)) };
    const after = {
      ...before,
      steps: before.steps.map((each, n) => (n === 7 ? { ...each, url: "x" } : each)),
    };
    expect(diff(before, after)).toEqual([
      { path: ["steps", 7, "url"], kind: "value", before: "https://a.example/7", after: "x" },
    ]);
  });

  it("of an added entry names only that entry", () => {
    expect(diff({ steps: [1, 2, 3] }, { steps: [1, 9, 2, 3] })).toEqual([
      { path: ["steps"], kind: "items", at: 1, gone: [], come: [9] },
    ]);
  });

  it("is refused by a value that looks different at its place", () => {
    const patch = diff({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] });
    expect(() => apply({ a: [1, { b: 4 }] }, patch)).toThrow(PatchMismatch);
    expect(() => apply({ a: [1] }, patch)).toThrow(PatchMismatch);
  });

  it("does not take another order of keys for another value", () => {
    expect(same({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBe(true);
    expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  });
});
