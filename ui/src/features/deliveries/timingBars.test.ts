import { describe, expect, it } from "vitest";
import { timingBars } from "./timingBars";

describe("the bars of an attempt's timings", () => {
  it("stand one after the other and fill the track", () => {
    const bars = timingBars({ dns_ms: 10, connect_ms: 10, tls_ms: 30, answer_ms: 50 });
    expect(bars.map(({ left }) => left)).toEqual([0, 10, 20, 50]);
    expect(bars.map(({ width }) => width)).toEqual([10, 10, 30, 50]);
  });

  it("leave out what did not happen", () => {
    const bars = timingBars({ dns_ms: null, connect_ms: 1, answer_ms: 3 });
    expect(bars.map(({ part }) => part)).toEqual(["connect", "answer"]);
  });

  it("survive an attempt that took no measurable time", () => {
    expect(timingBars({ answer_ms: 0 })).toEqual([{ part: "answer", ms: 0, left: 0, width: 0 }]);
    expect(timingBars({})).toEqual([]);
  });
});
