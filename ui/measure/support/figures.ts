/** What was found, as it travels from a measurement to the table. */
import type { EngineName } from "./engines";

/** A row of the table. */
export interface Figure {
  what: string;
  engine: EngineName | "";
  found: string;
  goal: string;
  /** Null for what has no goal, or could not be measured. */
  isMet: boolean | null;
  /** Processes that wanted to run, on average of the last minute. */
  load: number;
}

/** The type of the annotations that carry figures. */
export const FIGURE = "figure";

/** What has to stay below its goal, and what has to reach it. */
export const under = (ms: number, goalMs: number) => ({
  found: `${ms.toFixed(0)} ms`,
  goal: `< ${goalMs} ms`,
  isMet: ms < goalMs,
});

export const FRAMES_GOAL = 50;

export const smooth = ({ perSecond, longestMs }: { perSecond: number; longestMs: number }) => ({
  found: `${perSecond.toFixed(1)} a second, longest ${longestMs.toFixed(0)} ms`,
  goal: `≥ ${FRAMES_GOAL} a second`,
  isMet: perSecond >= FRAMES_GOAL,
});
