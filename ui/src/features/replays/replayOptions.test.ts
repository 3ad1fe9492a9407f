import { describe, expect, it } from "vitest";
import { replayOptions } from "./replayOptions";

describe("what is typed for a replay", () => {
  it("takes the recorded input when nothing is typed", () => {
    const options = replayOptions({ version: "original", input: " \n", secretState: "" });
    expect(options).toEqual({ version: "original" });
  });

  it("sends an edited input, also when it is null", () => {
    const typed = { version: "published", secretState: '{"pin": "1"}' } as const;
    expect(replayOptions({ ...typed, input: "null" })).toEqual({
      version: "published",
      input: null,
      secret_state: { pin: "1" },
    });
  });
});
