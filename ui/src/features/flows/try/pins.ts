/**
 * Pinned results: what stands for the end of a step while one tries things, its data and its exit code. They are kept
 * per flow in this browser alone; the document and live jobs never see them.
 */
import { openDB, type IDBPDatabase } from "idb";
import { useEffect } from "react";
import { create } from "zustand";
import { installation } from "@/api";
import type { Pin, Pins } from "./pinned";

const DATABASE = "hookloom.pins";
const STORE = "pins";

interface PinState {
  byFlow: Record<string, Pins>;
}

const usePinState = create<PinState>(() => ({ byFlow: {} }));
const NONE: Pins = {};
const asked = new Set<string>();
let opened: Promise<IDBPDatabase> | null = null;

function database(): Promise<IDBPDatabase> {
  opened ??= openDB(DATABASE, 2, {
    upgrade(db) {
      // Before, pins had no exit code, and nothing said of which installation they were.
      if (db.objectStoreNames.contains(STORE)) db.deleteObjectStore(STORE);
      db.createObjectStore(STORE);
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
    const place = await installation();
    const store = (await database()).transaction(STORE).store;
    const range = IDBKeyRange.bound([place, flow], [place, flow, []]);
    const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    const read = Object.fromEntries(
      keys.map((key, at) => [String((key as string[])[2]), values[at] as Pin]),
    );
    // What was pinned meanwhile is newer.
    setPins(flow, (pins) => ({ ...read, ...pins }));
  } catch {
    // A browser that keeps nothing: pins hold until the window closes.
  }
}

export async function pinStep(flow: string, step: string, pin: Pin): Promise<void> {
  setPins(flow, (pins) => ({ ...pins, [step]: pin }));
  try {
    await (await database()).put(STORE, pin, [await installation(), flow, step]);
  } catch {
    // As above.
  }
}

export async function unpinStep(flow: string, step: string): Promise<void> {
  setPins(flow, (pins) =>
    Object.fromEntries(Object.entries(pins).filter(([name]) => name !== step)),
  );
  try {
    await (await database()).delete(STORE, [await installation(), flow, step]);
  } catch {
    // As above.
  }
}

function setPins(flow: string, change: (pins: Pins) => Pins) {
  usePinState.setState(({ byFlow }) => ({
    byFlow: { ...byFlow, [flow]: change(byFlow[flow] ?? NONE) },
  }));
}
