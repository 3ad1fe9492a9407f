/** What is pinned in place of the end of a step, and what of it goes along with a try. Pure. */

export interface Pin {
  data: unknown;
  exit_code: string;
}

/** By the names of steps. */
export type Pins = Record<string, Pin>;

export interface SentPins {
  pins: Record<string, unknown>;
  exit_codes: Record<string, string>;
}

/** The pins of steps that the document still has: an API would refuse others. */
export function pinsOf(pins: Pins, steps: string[], except: string | null): SentPins {
  const kept = Object.entries(pins).filter(([step]) => steps.includes(step) && step !== except);
  return {
    pins: Object.fromEntries(kept.map(([step, { data }]) => [step, data])),
    exit_codes: Object.fromEntries(kept.map(([step, { exit_code }]) => [step, exit_code])),
  };
}
