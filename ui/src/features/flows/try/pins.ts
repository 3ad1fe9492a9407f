/**
 * Pinned data: what stands for the output of a step while one tries things. It is kept per flow in this browser alone;
 * the document and live jobs never see it.
 */
import { openDB, type IDBPDatabase } from "idb";
import { useEffect } from "react";
import { create } from "zustand";

const DATABASE = "hookloom.pins";
const STORE = "pins";

export type Pins = Record<string, unknown>;

interface PinState {
  byFlow: Record<string, Pins>;
}

const usePinState = create<PinState>(() => ({ byFlow: {} }));
const NONE: Pins = {};
const asked = new Set<string>();
let opened: Promise<IDBPDatabase> | null = null;

function database(): Promise<IDBPDatabase> {
  opened ??= openDB(DATABASE, 1, {
    upgrade(fresh) {
      fresh.createObjectStore(STORE);
    },
  });
  return opened;
}

/** The pins of a flow by the names of its steps; read from the browser when first asked for. */
export function usePins(flow: string): Pins {
  useEffect(() => {
    if (asked.has(flow)) return;
    asked.add(flow);
    void readPins(flow);
  }, [flow]);
  return usePinState(({ byFlow }) => byFlow[flow]) ?? NONE;
}

async function readPins(flow: string): Promise<void> {
  try {
    const store = (await database()).transaction(STORE).store;
    const range = IDBKeyRange.bound([flow], [flow, []]);
    const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    const read = Object.fromEntries(
      keys.map((key, at) => [String((key as string[])[1]), values[at] as unknown]),
    );
    // What was pinned meanwhile is newer.
    setPins(flow, (pins) => ({ ...read, ...pins }));
  } catch {
    // A browser that keeps nothing: pins hold until the window closes.
  }
}

export async function pinData(flow: string, step: string, data: unknown): Promise<void> {
  setPins(flow, (pins) => ({ ...pins, [step]: data }));
  try {
    await (await database()).put(STORE, data, [flow, step]);
  } catch {
    // As above.
  }
}

export async function unpinData(flow: string, step: string): Promise<void> {
  setPins(flow, (pins) =>
    Object.fromEntries(Object.entries(pins).filter(([name]) => name !== step)),
  );
  try {
    await (await database()).delete(STORE, [flow, step]);
  } catch {
    // As above.
  }
}

function setPins(flow: string, change: (pins: Pins) => Pins) {
  usePinState.setState(({ byFlow }) => ({
    byFlow: { ...byFlow, [flow]: change(byFlow[flow] ?? NONE) },
  }));
}

/** The pins of steps that the document still has: an API would refuse others. */
export function pinsOf(pins: Pins, steps: string[], except: string | null): Pins {
  return Object.fromEntries(
    Object.entries(pins).filter(([step]) => steps.includes(step) && step !== except),
  );
}
