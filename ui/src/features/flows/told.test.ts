import { describe, expect, it } from "vitest";
import { told } from "./told";

describe("what the words of a part have told", () => {
  it("is not shown again, and what had no words is", () => {
    const fields = { timeout_ms: 5, retry: "often", json: false };
    const { told: keys } = told(
      [
        [["timeout_ms"], "Timeout", "5 ms"],
        [["retry"], "Retry", null],
        [["json"], "Answer as", false],
      ],
      fields,
    );
    expect(keys).toEqual(["timeout_ms", "json"]);
  });

  it("counts what a panel of its own says", () => {
    expect(told([], {}, ["auth"]).told).toEqual(["auth"]);
  });
});
