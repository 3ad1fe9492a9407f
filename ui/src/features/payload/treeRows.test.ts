import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expressionText, pathText } from "./paths";
import { openedAtFirst, openedWhole, pathOf, rowsOf, scanned } from "./treeRows";

const tree = (value: unknown) => scanned(JSON.stringify(value));

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], value);
}

describe("the rows of a JSON tree", () => {
  it("are all values once, each under its own path", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const source = tree(value);
        const rows = rowsOf(source, openedWhole(source));
        for (const [at, { from, to }] of rows.entries()) {
          const piece = JSON.parse(source.text.slice(from, to)) as unknown;
          const there = valueAt(JSON.parse(source.text), pathOf(rows, at));
          expect(piece).toEqual(there);
        }
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      }),
    );
  });

  it("are few at first in a large value, and the outermost is open", () => {
    const source = tree({ rows: Array.from({ length: 5000 }, (_, id) => ({ id })), small: [1] });
    const rows = rowsOf(source, openedAtFirst(source));
    expect(rows.map(({ key, isOpen }) => [key, isOpen])).toEqual([
      [null, true],
      ["rows", false],
      ["small", true],
      [0, false],
    ]);
  });

  it("nest as deep as they like", () => {
    const source = scanned("[".repeat(5000) + "]".repeat(5000));
    expect(rowsOf(source, openedWhole(source))).toHaveLength(5000);
  });
});

describe("the place of a value", () => {
  it("is written as a template reads it", () => {
    expect(pathText(["customer", "items", 0, "first name"])).toBe(
      'customer.items[0]["first name"]',
    );
    expect(expressionText("requestBody", ["x-id", 2])).toBe('{{requestBody["x-id"][2]}}');
    expect(expressionText("trigger.body", [])).toBe("{{trigger.body}}");
  });
});
