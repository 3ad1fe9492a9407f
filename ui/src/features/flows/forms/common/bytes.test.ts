import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesText, parseBytes } from "./bytes";

test.each([
  ["10 MiB", 10_485_760],
  ["64k", 65_536],
  ["1.5 MiB", 1_572_864],
  ["1 MB", 1_000_000],
  ["512", 512],
  ["512 bytes", 512],
  ["0.5", null],
  ["many", null],
  ["-1", null],
  ["1 TiB", null],
  ["", null],
])("%s is read as %s", (text, bytes) => expect(parseBytes(text)).toBe(bytes));

test("what is shown is read as it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 ** 3 }), (bytes) => {
      expect(parseBytes(bytesText(bytes))).toBe(bytes);
    }),
  );
});
