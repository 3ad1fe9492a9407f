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
    { items: [row(7), row(5)], next: "5" },
  ],
  pageParams: [undefined, "8"],
});
const all = () => true;

describe("patching a live list", () => {
  it("replaces a row where it stands, on every page", () => {
    for (const id of [9, 8, 7, 5]) {
      const { data, outcome } = patchRow(loaded(), row(id, "complete"), all, true);
      expect(outcome).toBe("replaced");
      expect(flatRows(data).map((r) => r.id)).toEqual([9, 8, 7, 5]);
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
    expect(flatRows(data).map((r) => r.id)).toEqual([10, 9, 8, 7, 5]);
  });

  it("puts a row that came late where it belongs by its id", () => {
    const { data, outcome } = patchRow(loaded(), row(6), all, true);
    expect(outcome).toBe("added");
    expect(flatRows(data).map((r) => r.id)).toEqual([9, 8, 7, 6, 5]);
  });

  it("takes in an old row that fits the filter only now", () => {
    const failed = { pages: [{ items: [row(9, "failed")], next: null }], pageParams: [undefined] };
    const { data } = patchRow(failed, row(3, "failed"), (r) => r.status === "failed", true);
    expect(flatRows(data).map((r) => r.id)).toEqual([9, 3]);
  });

  it("begins a list that was empty", () => {
    const empty: Pages<Row> = { pages: [{ items: [], next: null }], pageParams: [undefined] };
    expect(flatRows(patchRow(empty, row(1), all, true).data)).toEqual([row(1)]);
  });

  it("holds new rows while paused", () => {
    expect(patchRow(loaded(), row(10), all, false)).toEqual({ data: loaded(), outcome: "held" });
  });

  it("leaves out rows of other filters, and rows beyond what was loaded, paused or not", () => {
    for (const addNew of [true, false]) {
      expect(patchRow(loaded(), row(10), () => false, addNew).outcome).toBe("left");
      expect(patchRow(loaded(), row(3), all, addNew).outcome).toBe("left");
    }
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
    expect(flatRows(data).map((r) => r.id)).toEqual([9, 8, 7, 5]);
  });
});

describe("a filter", () => {
  it("compares the fields it names and ignores the unset ones", () => {
    expect(fitsFilter(row(1, "failed"), { status: "failed", flow: undefined })).toBe(true);
    expect(fitsFilter(row(1, "failed"), { status: "complete" })).toBe(false);
    expect(fitsFilter({ job_id: 17 }, { job_id: "17" })).toBe(true);
  });
});
