import { expect, test } from "vitest";
import { pinsOf } from "./pins";

test("only pins of steps that the draft has are sent, and never that of the step that is tried", () => {
  const pins = { enrich: { total: 5 }, ship: null, gone: 1 };
  expect(pinsOf(pins, ["enrich", "ship"], "ship")).toEqual({ enrich: { total: 5 } });
  expect(pinsOf(pins, ["enrich", "ship"], null)).toEqual({ enrich: { total: 5 }, ship: null });
});
