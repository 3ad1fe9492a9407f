import { describe, expect, it } from "vitest";
import { createThrottle, type Timing } from "./throttle";

function simulated() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const timing: Timing = {
    now: () => now,
    after: (ms, run) => timers.push({ at: now + ms, run }),
  };
  const advance = (ms: number) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.run();
  };
  return { timing, advance };
}

describe("the throttle", () => {
  it("passes the first at once and a flood once per interval, losing none", () => {
    const { timing, advance } = simulated();
    const ran: string[] = [];
    const push = createThrottle(1000, (name) => ran.push(name), timing);
    for (let step = 0; step < 50; step++) {
      push("jobs");
      advance(100);
    }
    expect(ran.length).toBeGreaterThanOrEqual(5);
    expect(ran.length).toBeLessThanOrEqual(6);
    advance(1000);
    const settled = ran.length;
    advance(5000);
    expect(ran).toHaveLength(settled);
  });

  it("keeps different names apart", () => {
    const { timing } = simulated();
    const ran: string[] = [];
    const push = createThrottle(1000, (name) => ran.push(name), timing);
    push("jobs");
    push("requests");
    push("jobs");
    expect(ran).toEqual(["jobs", "requests"]);
  });
});
