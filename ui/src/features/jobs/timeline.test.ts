import { describe, expect, it } from "vitest";
import type { StepExecution } from "@/api";
import { attemptBars, stepBar, stepDurationMs, ticks } from "./timeline";

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();

function step(name: string, ...attempts: [number, number | null][]): StepExecution {
  return {
    name,
    kind: "http",
    status: "complete",
    pinned: false,
    exit_code: "success",
    data: null,
    data_truncated: false,
    error: null,
    waiting_until: null,
    execution_id: null,
    attempts: attempts.map(([from, to], index) => ({
      n: index + 1,
      started_at: at(from),
      ended_at: to === null ? null : at(to),
      status: "complete",
      error: null,
      sent: null,
      logs: [],
    })),
  };
}

const job = (...steps: StepExecution[]) => ({
  queued_at: at(0),
  started_at: at(0),
  ended_at: at(100),
  steps,
});

describe("the timeline of a job", () => {
  it("places a step by its share of the job's time", () => {
    const second = step("b", [50, 75]);
    expect(stepBar(job(step("a", [0, 50]), second), second)).toEqual({ left: 50, width: 25 });
  });

  it("counts a step from its first attempt to the end of its last", () => {
    expect(stepDurationMs(step("a", [0, 10], [40, 60]))).toBe(60);
    expect(stepDurationMs(step("a", [0, null]))).toBeNull();
  });

  it("draws nothing for a step that has not started, and never leaves the track", () => {
    expect(stepBar(job(), step("a"))).toBeNull();
    const late = step("late", [100, 100]);
    const bar = stepBar(job(late), late);
    expect((bar?.left ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100);
  });

  it("draws one bar per attempt, with the wait between them left free", () => {
    const retried = step("retried", [0, 20], [60, 100]);
    expect(attemptBars(job(retried), retried)).toEqual([
      { left: 0, width: 20 },
      { left: 60, width: 40 },
    ]);
  });

  it("has an axis of a few round times, within the job", () => {
    expect(ticks(job()).map(({ at }) => at)).toEqual([0, 20, 40, 60, 80, 100]);
    for (const end of [1, 7, 350, 61_000, 86_400_000]) {
      const long = { queued_at: at(0), started_at: at(0), ended_at: at(end), steps: [] };
      const found = ticks(long);
      expect(found.length).toBeLessThanOrEqual(6);
      expect(found.every(({ left }) => left >= 0 && left <= 100)).toBe(true);
    }
  });
});
