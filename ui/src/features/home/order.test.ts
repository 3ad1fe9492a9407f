import { describe, expect, it } from "vitest";
import type { FlowSummary } from "@/api";
import { failuresFirst, shareWords, successShare } from "./order";

const flow = (name: string, id?: number, status = "complete") =>
  ({ name, last_job: id === undefined ? null : { id, status, ended_at: null } }) as FlowSummary;

describe("the home page", () => {
  it("puts flows whose last job failed first", () => {
    const flows = [
      flow("idle"),
      flow("old", 1),
      flow("new", 9),
      flow("bad", 2, "failed"),
      flow("late", 3, "timed_out"),
    ];
    expect(failuresFirst(flows).map(({ name }) => name)).toEqual([
      "late",
      "bad",
      "new",
      "old",
      "idle",
    ]);
  });

  it("never rounds a failure away", () => {
    expect(shareWords(1)).toBe("100 %");
    expect(shareWords(0.99999)).toBe("99.9 %");
    expect(shareWords(0)).toBe("0 %");
    expect(shareWords(null)).toBe("");
  });

  it("leaves canceled jobs out of the share", () => {
    expect(successShare({ complete: 3, failed: 1, canceled: 5, timed_out: 0 })).toBe(0.75);
    expect(successShare({ complete: 0, failed: 0, canceled: 5, timed_out: 0 })).toBeNull();
  });
});
