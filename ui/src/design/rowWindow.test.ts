import { describe, expect, it } from "vitest";
import { ROW_PX, windowAt, withSameRows } from "./rowWindow";

const ROOM = { clientHeight: 20 * ROW_PX };
const at = (row: number) => ({ ...ROOM, scrollTop: row * ROW_PX });
const rowsFrom = (newest: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: newest - index }));

describe("the rows that are drawn", () => {
  it("are those in sight and some around, wherever the list stands", () => {
    let shown = { from: 0, to: 20 };
    for (const row of [0, 1, 5, 9, 14, 200, 190, 60, 0]) {
      shown = windowAt(at(row), shown);
      expect(shown.from).toBeLessThanOrEqual(Math.max(0, row - 2));
      expect(shown.to).toBeGreaterThanOrEqual(row + 22);
      expect(shown.to - shown.from).toBeLessThan(60);
    }
  });

  it("stay while the list is scrolled a little", () => {
    const shown = windowAt(at(100), { from: 0, to: 20 });
    expect(windowAt(at(104), shown)).toBe(shown);
    expect(windowAt(at(97), shown)).toBe(shown);
    expect(windowAt(at(120), shown)).not.toBe(shown);
  });

  it("are the same ones after others came in above", () => {
    const [before, after] = [rowsFrom(1000, 500), rowsFrom(1012, 512)];
    const shown = withSameRows({ from: 90, to: 130 }, before, after);
    expect(shown).toEqual({ from: 102, to: 142 });
    expect(after[shown.from]).toEqual(before[90]);
  });

  it("are the last ones of a list that became short", () => {
    const shown = withSameRows({ from: 90, to: 130 }, rowsFrom(1000, 500), rowsFrom(20, 5));
    expect(shown.from).toBe(0);
    expect(withSameRows({ from: 90, to: 130 }, rowsFrom(1000, 500), []).from).toBe(0);
  });
});
