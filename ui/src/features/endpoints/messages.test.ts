import fc from "fast-check";
import { expect, test } from "vitest";
import { headerLines, headersIn, isHeaderLines, linesAgain, prettyBody, withId } from "./messages";

test("headers are read from lines, empty ones left out", () => {
  expect(headersIn("X-A: 1\n\n  x-b:two: three \nX-Empty:")).toEqual([
    { name: "X-A", value: "1" },
    { name: "x-b", value: "two: three" },
    { name: "X-Empty", value: "" },
  ]);
  expect(isHeaderLines("X-A: 1\n\nx-b:2")).toBe(true);
  expect(isHeaderLines("no colon")).toBe(false);
  expect(isHeaderLines("two words: 1")).toBe(false);
});

test("what the connection makes itself, and what would make a repeat, is not sent again", () => {
  expect(
    linesAgain([
      { name: "Host", value: "a" },
      { name: "X-GitHub-Delivery", value: "of the first" },
      { name: "Idempotency-Key", value: "of the first" },
      { name: "X", value: "1" },
    ]),
  ).toBe("X: 1");
});

test("what is written is read again", () => {
  const name = fc.stringMatching(/^X-[A-Za-z0-9-]{1,12}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  fc.assert(
    fc.property(fc.array(fc.record({ name, value })), (headers) => {
      expect(headersIn(headerLines(headers))).toEqual(headers);
    }),
  );
});

test("a sample sent twice has two ids, and nothing else changes", () => {
  const body = prettyBody({ id: "evt_{new_id}", total: 1 });
  expect(withId(body, "7")).toBe(prettyBody({ id: "evt_7", total: 1 }));
  expect(withId(body, "7")).not.toBe(withId(body, "8"));
});
