import fc from "fast-check";
import { expect, test } from "vitest";
import { asConditions, asValues, waysOf } from "./switchWays";

test("cases of a value become conditions, and are the same again", () => {
  const value = fc.oneof(
    fc.string().filter((text) => !text.includes("{{")),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, "{{vars.home}}", "{{a | lower}}"),
  );
  const cases = fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1 });
  fc.assert(
    fc.property(fc.constantFrom("{{a.b}}", "{{a + 1}}"), cases, (expression, each) => {
      const before = { kind: "switch", expression, cases: each, default: "far" };
      const conditions = asConditions(before);
      expect(waysOf(conditions)).toBe("conditions");
      expect(asValues(conditions)).toEqual(before);
    }),
  );
});

test("what has no other form stays as it is", () => {
  const cases = { big: "{{ a > 5 }}", odd: { x: 1 } };
  expect(asValues({ expression: true, cases })).toEqual({ expression: "", cases });
  expect(asConditions({ expression: "{{a}}", cases: { odd: { x: 1 } } })).toEqual({
    expression: true,
    cases: { odd: { x: 1 } },
  });
  expect(waysOf({ expression: "{{ true }}" })).toBe("conditions");
  expect(waysOf({ expression: "{{ a }}" })).toBe("value");
});
