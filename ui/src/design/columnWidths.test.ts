import { describe, expect, it } from "vitest";
import { widthsOf } from "./columnWidths";

const COLUMNS = [{ width: 100 }, {}, { width: 140 }, {}];

describe("the columns of a list", () => {
  it("without a width take what is left, as long as it is not too much", () => {
    expect(widthsOf(COLUMNS, 1200)).toEqual([100, undefined, 140, undefined]);
  });

  it("share what is more than that, and fill the room", () => {
    const widths = widthsOf(COLUMNS, 2000);
    expect(widths).toEqual([300, 680, 340, 680]);
    expect(widths.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(2000);
  });

  it("stay as they are where each has its own, and before the room is known", () => {
    expect(widthsOf([{ width: 80 }, { width: 90 }], 2000)).toEqual([80, 90]);
    expect(widthsOf(COLUMNS, 0)).toEqual([100, undefined, 140, undefined]);
  });
});
