import { describe, expect, it } from "vitest";
import { fitsFilter, flatRows, patchRow, type Pages } from "./rows";

interface Row {
  id: number;
  status: string;
}

const row = (id: number, status = "running"): Row => ({ id, status });
const loaded = (): Pages<Row> => ({
  pages: [
    { items: [row(9), row(8)], next: "8" },
    { items: [row(7), row(6)], next: null },
  ],
  pageParams: [undefined, "8"],
});
const all = () => true;

describe("patching a live list", () => {
  it("replaces a row where it stands, on every page", () => {
    for (const id of [9, 8, 7, 6]) {
      const { data, outcome } = patchRow(loaded(), row(id, "complete"), all, true);
      expect(outcome).toBe("replaced");
      expect(flatRows(data).map((r) => r.id)).toEqual([9, 8, 7, 6]);
      expect(flatRows(data).find((r) => r.id === id)?.status).toBe("complete");
    }
  });

  it("keeps a row that no longer fits the filter, so that nothing jumps", () => {
    const { data } = patchRow(loaded(), row(8, "failed"), (r) => r.status === "running", true);
    expect(flatRows(data)).toHaveLength(4);
  });

  it("puts a new row on top", () => {
    const { data, outcome } = patchRow(loaded(), row(10), all, true);
    expect(outcome).toBe("added");
    expect(flatRows(data).map((r) => r.id)).toEqual([10, 9, 8, 7, 6]);
  });

  it("leaves out new rows while paused, rows of other filters, and old rows", () => {
    expect(patchRow(loaded(), row(10), all, false).outcome).toBe("left");
    expect(patchRow(loaded(), row(10), () => false, true).outcome).toBe("left");
    expect(patchRow(loaded(), row(3), all, true).outcome).toBe("left");
  });

  it("does not touch the object it was given", () => {
    const before = loaded();
    patchRow(before, row(10), all, true);
    patchRow(before, row(9, "failed"), all, true);
    expect(before).toEqual(loaded());
  });

  it("shows a row of two overlapping pages once", () => {
    const data = loaded();
    data.pages[1]?.items.unshift(row(8));
    expect(flatRows(data).map((r) => r.id)).toEqual([9, 8, 7, 6]);
  });
});

describe("a filter", () => {
  it("compares the fields it names and ignores the unset ones", () => {
    expect(fitsFilter(row(1, "failed"), { status: "failed", flow: undefined })).toBe(true);
    expect(fitsFilter(row(1, "failed"), { status: "complete" })).toBe(false);
    expect(fitsFilter({ job_id: 17 }, { job_id: "17" })).toBe(true);
  });
});
