/** A menu at the pointer, or at what has the focus. What draws it is loaded with the first one. */
import type { Icon } from "@tabler/icons-react";
import { create } from "zustand";

export interface MenuEntry {
  label: string;
  Icon: Icon;
  run: () => void;
  danger?: boolean;
}

export interface OpenMenu {
  label: string;
  entries: MenuEntry[];
  x: number;
  y: number;
  /** Gets the focus back. */
  before: Element | null;
}

export const useMenu = create<{ open: OpenMenu | null }>(() => ({ open: null }));

interface Asked {
  clientX: number;
  clientY: number;
  currentTarget: Element;
  preventDefault: () => void;
}

/** Answers a `contextmenu` event, which the menu key and Shift F10 send too: those come without a place. */
export function openMenu(event: Asked, label: string, entries: MenuEntry[], at?: Element): void {
  if (entries.length === 0) return;
  event.preventDefault();
  const byKey = event.clientX === 0 && event.clientY === 0;
  const box = (at ?? event.currentTarget).getBoundingClientRect();
  const place = byKey || at ? { x: box.left + 24, y: box.bottom - 4 } : undefined;
  useMenu.setState({
    open: {
      label,
      entries,
      ...(place ?? { x: event.clientX, y: event.clientY }),
      before: document.activeElement,
    },
  });
}

export function closeMenu(): void {
  const { open } = useMenu.getState();
  useMenu.setState({ open: null });
  if (open?.before instanceof HTMLElement && open.before.isConnected) {
    open.before.focus({ preventScroll: true });
  }
}
