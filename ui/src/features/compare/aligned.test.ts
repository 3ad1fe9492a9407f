import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignedRows, withGaps } from "./aligned";
import { diff } from "./diff";

const json = fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown);

describe("two values beside each other", () => {
  it("are whole on their own side, whatever changed", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const rows = alignedRows(a, diff(a, b));
        const text = (side: "left" | "right") =>
          rows
            .map((row) => row[side])
            .filter((line) => line !== null)
            .join("\n");
        expect(JSON.parse(text("left"))).toEqual(JSON.parse(JSON.stringify(a)));
        expect(JSON.parse(text("right"))).toEqual(JSON.parse(JSON.stringify(b)));
      }),
      { numRuns: 300 },
    );
  });

  it("leave out long stretches without a difference, and say how long they are", () => {
    const before = {
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`n${n}`, n])),
      z: 1,
    };
    const shown = withGaps(alignedRows(before, diff(before, { ...before, z: 2 })));
    expect(shown[0]).toEqual({ tone: "gap", count: 18 });
    expect(shown.at(-2)).toEqual({ left: '  "z": 1', right: '  "z": 2', tone: "changed" });
  });
});
