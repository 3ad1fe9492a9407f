import { describe, expect, it } from "vitest";
import { ROW_PX, rowsDrawn, scrollToRow, windowAt, withSameRows } from "./rowWindow";

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

describe("a list with lower rows, such as the outline of a flow", () => {
  const heights = { rowPx: 28, headPx: 38 };
  const box = (scrollTop: number) => ({ scrollTop, clientHeight: 560 }) as HTMLElement;

  it("draws those in sight by their own height, the title above them counted", () => {
    let shown = { from: 0, to: 30 };
    for (const scrollTop of [0, 28, 300, 5_000, 2_100, 40, 0]) {
      shown = windowAt(box(scrollTop), shown, heights);
      const first = Math.floor((scrollTop - heights.headPx) / heights.rowPx);
      const last = Math.ceil((scrollTop + 560 - heights.headPx) / heights.rowPx);
      expect(shown.from).toBeLessThanOrEqual(Math.max(0, first));
      expect(shown.to).toBeGreaterThanOrEqual(last);
      expect(shown.to - shown.from).toBeLessThan(60);
    }
  });

  it("draws the row that has the focus wherever the list stands, in its order and once", () => {
    expect(rowsDrawn({ from: 90, to: 93 }, [4])).toEqual([4, 90, 91, 92]);
    expect(rowsDrawn({ from: 90, to: 93 }, [120, 91])).toEqual([90, 91, 92, 120]);
    expect(rowsDrawn({ from: 0, to: 0 }, [])).toEqual([]);
  });

  it("brings a whole row into sight, and stays where it is for one that is", () => {
    for (const row of [0, 3, 19, 40, 199]) {
      for (const before of [0, 900, 5_600]) {
        const list = box(before);
        scrollToRow(list, row, heights);
        const top = heights.headPx + row * heights.rowPx;
        expect(list.scrollTop).toBeLessThanOrEqual(top);
        expect(list.scrollTop + 560).toBeGreaterThanOrEqual(top + heights.rowPx);
      }
    }
    const list = box(600);
    scrollToRow(list, 30, heights);
    expect(list.scrollTop).toBe(600);
  });
});
