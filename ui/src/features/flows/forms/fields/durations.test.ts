import fc from "fast-check";
import { expect, test } from "vitest";
import { durationText, parseDuration } from "./durations";

test("durations are said as people say them", () => {
  expect(durationText(30_000)).toBe("30 s");
  expect(durationText(120_000)).toBe("2 min");
  expect(durationText(5_400_000)).toBe("1 h 30 min");
  expect(durationText(90_500)).toBe("1 min 30 s 500 ms");
  expect(durationText(0)).toBe("0 s");
});

test("what people write is understood, what is no duration is not", () => {
  expect(parseDuration("30s")).toBe(30_000);
  expect(parseDuration(" 2 Minutes ")).toBe(120_000);
  expect(parseDuration("1,5 s")).toBe(1500);
  expect(parseDuration("1h30min")).toBe(5_400_000);
  expect(parseDuration("250")).toBe(250);
  for (const text of ["", "soon", "5 parsecs", "-1 s", "1 s later", "s", "1e3"]) {
    expect(parseDuration(text), text).toBeNull();
  }
});

test("every duration comes back as it was", () => {
  const ms = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(fc.property(ms, (each) => parseDuration(durationText(each)) === each));
});
