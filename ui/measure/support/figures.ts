/** What was found, as it travels from a measurement to the table. */
import type { EngineName } from "./engines";
import type { Frames } from "./inPage";

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

/** Frames, and what each took of the processor, all threads of the page together, if that is known. */
export const smooth = ({ perSecond, longestMs, count }: Frames, cpuMs: number | null) => ({
  found:
    `${perSecond.toFixed(1)} a second, longest ${longestMs.toFixed(0)} ms` +
    (cpuMs === null ? "" : `; ${(cpuMs / count).toFixed(0)} ms of the processor each`),
  goal: `≥ ${FRAMES_GOAL} a second`,
  isMet: perSecond >= FRAMES_GOAL,
});
