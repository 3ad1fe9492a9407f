import { expect, test } from "vitest";
import { pinsOf, type Pins } from "./pinned";

test("only pins of steps that the draft has are sent, and never that of the step that is tried", () => {
  const pins: Pins = {
    enrich: { data: { total: 5 }, exit_code: "success" },
    ship: { data: null, exit_code: "error" },
    gone: { data: 1, exit_code: "success" },
  };
  expect(pinsOf(pins, ["enrich", "ship"], "ship")).toEqual({
    pins: { enrich: { total: 5 } },
    exit_codes: { enrich: "success" },
  });
  expect(pinsOf(pins, ["enrich", "ship"], null)).toEqual({
    pins: { enrich: { total: 5 }, ship: null },
    exit_codes: { enrich: "success", ship: "error" },
  });
});
