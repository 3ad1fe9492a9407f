/**
 * Collects names and hands each on at most once per interval: at once if it was quiet, else when
 * the interval is over. Time and timers are passed in.
 */
export interface Timing {
  now(): number;
  after(ms: number, run: () => void): void;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
};

export function createThrottle(
  everyMs: number,
  run: (name: string) => void,
  timing: Timing = realTiming,
): (name: string) => void {
  const lastRun = new Map<string, number>();
  const planned = new Set<string>();

  function fire(name: string) {
    lastRun.set(name, timing.now());
    run(name);
  }

  return (name) => {
    if (planned.has(name)) return;
    const last = lastRun.get(name);
    const waitMs = last === undefined ? 0 : last + everyMs - timing.now();
    if (waitMs <= 0) return fire(name);
    planned.add(name);
    timing.after(waitMs, () => {
      planned.delete(name);
      fire(name);
    });
  };
}
