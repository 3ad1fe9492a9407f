import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsOf, mistakesIn, pair, pairsOf, parsePairs, withPasted } from "./pairs";
import { moved } from "./rowOrder";

test("many lines of headers become rows", () => {
  const text = `POST /hooks HTTP/1.1
Content-Type: application/json
Authorization: Bearer a:b=c

X-Empty:
:authority: shop.example`;
  expect(parsePairs(text)).toEqual([
    ["Content-Type", "application/json"],
    ["Authorization", "Bearer a:b=c"],
    ["X-Empty", ""],
  ]);
});

test("headers as a browser copies them, name and value on lines of their own", () => {
  expect(parsePairs("accept:\n*/*\nuser-agent:\nMozilla/5.0 (X11)\n")).toEqual([
    ["accept", "*/*"],
    ["user-agent", "Mozilla/5.0 (X11)"],
  ]);
});

test("name=value lines, a query and quoted lines of a program", () => {
  expect(parsePairs("a=1\nb = two words")).toEqual([
    ["a", "1"],
    ["b", "two words"],
  ]);
  expect(parsePairs("?a=1&b=x%20y&c")).toEqual([
    ["a", "1"],
    ["b", "x y"],
    ["c", ""],
  ]);
  expect(parsePairs(`"Accept": "text/plain",\n'X-A': 'b',`)).toEqual([
    ["Accept", "text/plain"],
    ["X-A", "b"],
  ]);
});

test("JSON as an object or as a list of pairs", () => {
  expect(parsePairs('{"a": 1, "b": ["x"]}')).toEqual([
    ["a", 1],
    ["b", ["x"]],
  ]);
  expect(parsePairs('[["a", "1"], {"name": "b", "value": "2"}]')).toEqual([
    ["a", "1"],
    ["b", "2"],
  ]);
});

test("pasting never throws, and gives only names that are not empty from lines", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const [name] of parsePairs(text)) expect(typeof name).toBe("string");
    }),
  );
});

test("what is in the document comes back as it was, whatever the values are", () => {
  const fields = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
  fc.assert(
    fc.property(fields, (each) => {
      expect(JSON.stringify(fieldsOf(pairsOf(each)))).toBe(JSON.stringify(each));
    }),
  );
});

test("repeated, forbidden and impossible names are marked", () => {
  const headers = [
    pair("X-A", "1"),
    pair("x-a", "2"),
    pair("Content-Length", "3"),
    pair("no spaces", ""),
    pair("", "alone"),
    pair("", ""),
  ];
  const found = mistakesIn(headers, "headers");
  expect(headers.map(({ id }) => found.get(id))).toEqual([
    undefined,
    "twice",
    "ourHeader",
    "badHeader",
    "nameless",
    undefined,
  ]);
  const values = [pair("total", 1), pair("to tal", 2)];
  expect([...mistakesIn(values, "values").values()]).toEqual(["badName"]);
});

test("pasted rows replace rows of the same name and drop empty ones", () => {
  const before = [pair("Accept", "a"), pair("", "")];
  const after = withPasted(
    before,
    [
      ["accept", "b"],
      ["X-N", 5],
    ],
    "headers",
  );
  expect(after.map(({ name, value }) => [name, value])).toEqual([
    ["Accept", "b"],
    ["X-N", "5"],
  ]);
});

test("a row is moved and none is lost", () => {
  const rows = ["a", "b", "c"].map((name) => pair(name, ""));
  expect(moved(rows, 2, 0).map(({ name }) => name)).toEqual(["c", "a", "b"]);
});
