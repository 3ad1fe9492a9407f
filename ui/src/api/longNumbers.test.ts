import fc from "fast-check";
import { expect, test } from "vitest";
import { longNumbers } from "./longNumbers";

test("names the numbers that are not the same after parsing and printing, and no others", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), fc.jsonValue(), (big, value) => {
      const text = `{"a": ${big}, "b": ${JSON.stringify(value)}, "c": "${big}"}`;
      const isRounded = JSON.stringify(Number(big)) !== String(big);
      const found = longNumbers(text);
      expect(found.includes(String(big))).toBe(isRounded);
    }),
  );
});

test("numbers in texts, fractions and powers are left alone", () => {
  expect(
    longNumbers('["9007199254740993", "\\"9007199254740993", 0.12345678901234567890, 1e99]'),
  ).toEqual([]);
  expect(longNumbers("[9007199254740993, 9007199254740992, -12345678901234567890]")).toEqual([
    "9007199254740993",
    "-12345678901234567890",
  ]);
});
