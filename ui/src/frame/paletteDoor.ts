/** Opens the palette. The palette itself is loaded when it is first wanted. */
import { create } from "zustand";

interface Door {
  /** How often it was asked for. */
  turn: number;
}

export const useDoor = create<Door>(() => ({ turn: 0 }));

export function openPalette(): void {
  useDoor.setState(({ turn }) => ({ turn: turn + 1 }));
}
