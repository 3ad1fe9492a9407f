import { describe, expect, it } from "vitest";
import { keepTrying } from "./keepTrying";
import type { LiveState } from "./types";

function failing(times: number, stop?: AbortController) {
  let begun = 0;
  return () => {
    begun += 1;
    if (stop && begun === times) stop.abort();
    return begun <= times ? Promise.reject(new Error("not now")) : Promise.resolve();
  };
}

describe("the start of live updates in the app", () => {
  it("is tried again after each failure, with longer waits, and says how it stands", async () => {
    const states: LiveState[] = [];
    const waits: number[] = [];
    await keepTrying(
      failing(3),
      (state) => states.push(state),
      new AbortController().signal,
      (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    );
    expect(states).toEqual(["connecting", "broken", "broken", "broken", "open"]);
    expect(waits).toHaveLength(3);
    expect(waits[2]).toBeGreaterThan(waits[0] ?? Infinity);
  });

  it("ends when nobody wants them any more", async () => {
    const stop = new AbortController();
    const states: LiveState[] = [];
    await keepTrying(
      failing(2, stop),
      (state) => states.push(state),
      stop.signal,
      () => Promise.resolve(),
    );
    expect(states).toEqual(["connecting", "broken"]);
  });
});
