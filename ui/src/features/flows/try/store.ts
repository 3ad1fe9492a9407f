/** What is being tried, and how the last try of each step ended. Nothing of it is kept when the window closes. */
import { create } from "zustand";
import type { StepTried } from "@/api";
import type { Fields } from "../document";

export interface TryTarget {
  flow: string;
  /** Null: the whole flow. */
  step: string | null;
}

export interface LastTry {
  /** The step as it was tried: errors with a line are good for this code alone. */
  fields: Fields;
  result: StepTried | null;
  error: Error | null;
}

interface TryState {
  target: TryTarget | null;
  last: Record<string, LastTry>;
}

export const useTry = create<TryState>(() => ({ target: null, last: {} }));

export const openTry = (target: TryTarget) => useTry.setState({ target });
export const closeTry = () => useTry.setState({ target: null });

export const keepTry = (flow: string, step: string, tried: LastTry) =>
  useTry.setState(({ last }) => ({ last: { ...last, [keyOf(flow, step)]: tried } }));

export const useLastTry = (flow: string, step: string): LastTry | undefined =>
  useTry(({ last }) => last[keyOf(flow, step)]);

function keyOf(flow: string, step: string): string {
  return `${flow}/${step}`;
}
