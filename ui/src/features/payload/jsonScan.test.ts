import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childrenOf, kindAt, wholeOf, type Span } from "./jsonScan";

/** Builds the value anew from what the scan finds. */
function built(text: string, span: Span): unknown {
  const kind = kindAt(text, span.from);
  if (kind === "array") return childrenOf(text, span).map((child) => built(text, child));
  if (kind !== "object") return JSON.parse(text.slice(span.from, span.to)) as unknown;
  return Object.fromEntries(childrenOf(text, span).map((child) => [child.key, built(text, child)]));
}

describe("JSON read in its text", () => {
  it("finds what a parser finds, however it is written", () => {
    const written = fc.tuple(fc.jsonValue(), fc.constantFrom(undefined, 2, "\t"));
    fc.assert(
      fc.property(written, ([value, space]) => {
        const text = ` \n${JSON.stringify(value, null, space)}\r\n `;
        expect(built(text, wholeOf(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps long numbers and repeated keys, which a parser loses", () => {
    const text = '{"id": 12345678901234567890, "id": 1e400, "quo\\"te": "\\\\"}';
    const pieces = childrenOf(text, wholeOf(text)).map(({ key, from, to }) => [
      key,
      text.slice(from, to),
    ]);
    expect(pieces).toEqual([
      ["id", "12345678901234567890"],
      ["id", "1e400"],
      ['quo"te', '"\\\\"'],
    ]);
  });
});
