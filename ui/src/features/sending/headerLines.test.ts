import fc from "fast-check";
import { expect, test } from "vitest";
import { badHeaderLine, headerLines, headersIn } from "./headerLines";

test("headers are read line by line, and the line that is none is named", () => {
  expect(headersIn("X-A: 1\n\n  x-b:two: three \nX-Empty:\nno header")).toEqual([
    { name: "X-A", value: "1" },
    { name: "x-b", value: "two: three" },
    { name: "X-Empty", value: "" },
  ]);
  expect(badHeaderLine("X-A: 1\n\nx-b:2\nx-empty:")).toBeNull();
  expect(badHeaderLine("A: b\n\nno header")).toBe(3);
  expect(badHeaderLine("two words: 1")).toBe(1);
});

test("what is written is read again", () => {
  const name = fc.stringMatching(/^X-[A-Za-z0-9-]{1,12}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  fc.assert(
    fc.property(fc.array(fc.record({ name, value })), (headers) => {
      expect(headersIn(headerLines(headers))).toEqual(headers);
      expect(badHeaderLine(headerLines(headers))).toBeNull();
    }),
  );
});
