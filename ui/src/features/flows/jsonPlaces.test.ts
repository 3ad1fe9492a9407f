import { describe, expect, it } from "vitest";
import { nearestOffset, placeAt, readPlaces } from "./jsonPlaces";

const text = `{
  "name": "a/b",
  "steps": [
    {"a~b/c": 1},
    {"url": "x"}
  ]
}`;

function lineOf(pointer: string): number {
  const read = readPlaces(text);
  if (!read.ok) throw new Error("the sample is valid JSON");
  return placeAt(text, nearestOffset(read.places, pointer)).line;
}

describe("the places of a JSON text", () => {
  it("finds members at their names and items at their values", () => {
    expect(lineOf("/name")).toBe(2);
    expect(lineOf("/steps/0/a~0b~1c")).toBe(4);
    expect(lineOf("/steps/1/url")).toBe(5);
  });

  it("shows the nearest thing around what is missing", () => {
    expect(lineOf("/steps/1/method")).toBe(5);
    expect(lineOf("/steps/9")).toBe(3);
    expect(lineOf("/nothing/at/all")).toBe(1);
  });

  it.each([
    ['{"a": 1,}', "key", 8],
    ['{"a" 1}', "colon", 5],
    ["[1 2]", "comma", 3],
    ['{"a": tru}', "value", 6],
    ['{"a": "x', "string", 6],
    ['{"a": 01}', "comma", 7],
    ["[-]", "number", 1],
    ["{} x", "extra", 3],
    ["", "end", 0],
    ['{"a":', "end", 5],
  ])("names the first mistake of %j", (wrong, mistake, offset) => {
    expect(readPlaces(wrong)).toEqual({ ok: false, mistake, offset });
  });

  it.each([
    '{"a":[1,2.5e-3,"\\u00e9\\n",null,true,{}]}',
    "[]",
    '"x"',
    " 0 ",
    '{"a":1,}',
    "[01]",
    '["\t"]',
    "nul",
    "{'a':1}",
    "[1,]",
  ])("agrees with JSON.parse about %j", (sample) => {
    let valid = true;
    try {
      JSON.parse(sample);
    } catch {
      valid = false;
    }
    expect(readPlaces(sample).ok).toBe(valid);
  });

  it("does not overflow on a deep text", () => {
    expect(readPlaces("[".repeat(100_000)).ok).toBe(false);
  });
});
