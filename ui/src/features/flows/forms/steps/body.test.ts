import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyPlace, bodyTypeOf, withBodyType, type BodyType } from "./body";
import { formBody, formRows } from "./formBody";

const json = { headers: { "content-type": "application/problem+json" }, body: "{}" };

test("the form of a body is seen by what is there and by its Content-Type", () => {
  expect(bodyTypeOf({})).toBe("none");
  expect(bodyTypeOf(json)).toBe("json");
  expect(bodyTypeOf({ body: "hi" })).toBe("text");
  expect(bodyTypeOf({ headers: { "Content-Type": "text/xml" }, body: "<a/>" })).toBe("xml");
  expect(bodyTypeOf({ body: { a: 1 } })).toBe("value");
  expect(bodyTypeOf({ body_file: "{{trigger.body}}" })).toBe("file");
  expect(bodyTypeOf({ multipart: [] })).toBe("multipart");
  expect(bodyPlace(json)).toBe("json");
});

test("another form keeps the text and sets the Content-Type under its own name", () => {
  expect(withBodyType({ ...json, url: "x" }, "xml")).toEqual({
    url: "x",
    headers: { "content-type": "application/xml" },
    body: "{}",
  });
  expect(withBodyType({ body: "hi" }, "json").headers).toEqual({
    "Content-Type": "application/json",
  });
});

test("a form with files has no Content-Type of its own, and gives its body back", () => {
  const parts = withBodyType(json, "multipart");
  expect(parts).toEqual({ multipart: [{ name: "body", value: "{}" }] });
  expect(withBodyType(parts, "json")).toEqual({
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
});

test("every change of form gives that form, and what is no body stays", () => {
  const types: BodyType[] = ["none", "json", "text", "form", "xml", "multipart", "file", "value"];
  const type = fc.constantFrom(...types);
  fc.assert(
    fc.property(type, type, fc.string(), (from, to, url) => {
      const fields = withBodyType({ url, odd: 1, headers: { "X-A": "b" } }, from);
      const after = withBodyType(fields, to);
      expect(bodyTypeOf(after)).toBe(to);
      expect(after).toMatchObject({ url, odd: 1, headers: { "X-A": "b" } });
    }),
  );
});

test("a form body is shown as rows, with its expressions as they are", () => {
  const body = "a%20b=x%26y&to={{steps.a.data | default('q=1&r')}}";
  expect(formRows(body)).toEqual({ "a b": "x&y", to: "{{steps.a.data | default('q=1&r')}}" });
  expect(formBody(formRows(body) ?? {})).toBe(body);
});

test("a body that rows would change is not shown as rows", () => {
  for (const body of ["a=1&a=2", "a", "=1", "a=%zz", "a=b c", "a+b=1", '{"a":1}']) {
    expect(formRows(body), body).toBeNull();
  }
});

test("rows come back as they were", () => {
  const name = fc.string({ minLength: 1 }).filter((each) => !each.includes("{{"));
  const value = fc.string().filter((each) => !each.includes("{{"));
  fc.assert(
    fc.property(fc.dictionary(name, value), (rows) => {
      expect(formRows(formBody(rows))).toEqual(rows);
    }),
  );
});
