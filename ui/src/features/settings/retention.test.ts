import { describe, expect, it } from "vitest";
import { bytesOf, daysOf, keepsLess, typedOf } from "./retention";

describe("the retention that a person types", () => {
  it("comes back as it was shown", () => {
    for (const retention of [
      { days: 30, bytes_max: 5_000_000_000 },
      { days: null, bytes_max: null },
      { days: 1, bytes_max: 10_000_000 },
    ]) {
      const typed = typedOf(retention);
      expect({ ...daysOf(typed.days), ...bytesOf(typed.gigabytes) }).toEqual(retention);
    }
  });

  it("is refused where it is no number in its bounds", () => {
    for (const days of ["0", "-1", "1.5", "3651", "many"]) expect(daysOf(days), days).toBeNull();
    for (const size of ["0", "0.001", "-5", "much"]) expect(bytesOf(size), size).toBeNull();
    expect(bytesOf("2,5")).toEqual({ bytes_max: 2_500_000_000 });
  });

  it("keeps less if a bound is lower, or new", () => {
    const old = { days: 30, bytes_max: null };
    expect(keepsLess(old, { days: 7, bytes_max: null })).toBe(true);
    expect(keepsLess(old, { days: 30, bytes_max: 1e9 })).toBe(true);
    expect(keepsLess(old, { days: 60, bytes_max: null })).toBe(false);
    expect(keepsLess(old, { days: null, bytes_max: null })).toBe(false);
  });
});
