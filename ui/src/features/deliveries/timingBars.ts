/** Turns the timings of an attempt into bars, each beginning where the one before it ended. Pure. */
const PARTS = ["dns", "connect", "tls", "answer"] as const;

export interface TimingBar {
  part: (typeof PARTS)[number];
  ms: number;
  left: number;
  width: number;
}

type Timings = Partial<Record<`${(typeof PARTS)[number]}_ms`, number | null>>;

/** A part that did not happen (no TLS, a connection used again) has no bar. */
export function timingBars(timings: Timings): TimingBar[] {
  const parts = PARTS.flatMap((part) => {
    const ms = timings[`${part}_ms`];
    return typeof ms === "number" ? [{ part, ms }] : [];
  });
  const total = Math.max(
    1,
    parts.reduce((sum, { ms }) => sum + ms, 0),
  );
  let before = 0;
  return parts.map(({ part, ms }) => {
    const bar = { part, ms, left: (before / total) * 100, width: (ms / total) * 100 };
    before += ms;
    return bar;
  });
}
