import { describe, expect, it } from "vitest";
import { jsonTokens, plainTokens, prettyJson } from "./jsonTokens";

const joined = (line: string) =>
  jsonTokens(line)
    .map((token) => token.text)
    .join("");

describe("colouring JSON", () => {
  it("tells keys from strings and literals", () => {
    expect(jsonTokens('  "total": 3, "ok": "no"').map(({ kind }) => kind)).toEqual([
      "plain",
      "key",
      "plain",
      "literal",
      "plain",
      "key",
      "plain",
      "string",
    ]);
  });

  it.each(['{"a": "b\\"c: d"}', '"cut off', "no json at all", '<b>&"', "", '{"a":•••• -1.5e+3'])(
    "loses nothing of %j",
    (line) => expect(joined(line)).toBe(line),
  );

  it("shows masked values as such", () => {
    expect(plainTokens("Bearer •••• x")).toContainEqual({ kind: "mask", text: "••••" });
    expect(jsonTokens('"••••"')).toContainEqual({ kind: "mask", text: "••••" });
  });
});

describe("writing JSON on several lines", () => {
  it("does so for objects and lists only", () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyJson("17")).toBeNull();
    expect(prettyJson('{"a":')).toBeNull();
  });
});
