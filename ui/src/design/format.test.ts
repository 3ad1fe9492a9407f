import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatInZone, relativeParts, shortId } from "./format";

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [41.4, "41 ms"],
    [999, "999 ms"],
    [1000, "1 s"],
    [2130, "2.1 s"],
    [12_400, "12 s"],
    [59_900, "1 min"],
    [102_000, "1 min 42 s"],
    [11_100_000, "3 h 5 min"],
    [187_200_000, "2 d 4 h"],
  ])("says %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("sizes", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [8412, "8.4 kB"],
    [120_000, "120 kB"],
    [999_900, "1 MB"],
    [10_485_760, "10.5 MB"],
  ])("says %d as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("relative times", () => {
  const now = 1_000_000_000;
  it("says now for the last moment, whichever clock is ahead", () => {
    expect(relativeParts(now - 900, now).when).toBe("now");
    expect(relativeParts(now + 900, now).when).toBe("now");
  });
  it("counts down to a near time by the second", () => {
    expect(relativeParts(now + 102_000, now)).toEqual({ when: "future", amount: "1 min 42 s" });
  });
  it("is coarse about the past", () => {
    expect(relativeParts(now - 102_000, now)).toEqual({ when: "past", amount: "1 min" });
    expect(relativeParts(now - 90_000_000, now)).toEqual({ when: "past", amount: "1 d" });
  });
});

it("shortens only long ids", () => {
  expect(shortId("dlv_019320b6e3f27c1a8c1d4be6f0a97a1c")).toBe("dlv_0193…7a1c");
  expect(shortId("17")).toBe("17");
});

describe("a time in a zone", () => {
  it("shows what its clocks show, also when summer time changes", () => {
    expect(formatInZone("2026-03-28T01:00:00Z", "Europe/Berlin")).toBe(
      "Sat, 28 Mar 2026, 02:00 GMT+1",
    );
    expect(formatInZone("2026-03-30T00:00:00Z", "Europe/Berlin")).toBe(
      "Mon, 30 Mar 2026, 02:00 GMT+2",
    );
    expect(formatInZone("2026-03-30T00:00:00Z", "Nowhere/Else")).toContain("00:00");
  });
});
