/**
 * Rows in another order: pulled by their handle, or moved with Alt and the arrow keys from anywhere in a row. Whoever
 * cannot see it is told where the row is now. The rows stand directly in the box.
 */
import { useState, type KeyboardEvent, type PointerEvent } from "react";
import { announce } from "@/design";
import { useTranslation } from "@/i18n";

interface RowOrderOptions {
  count: number;
  nameOf: (at: number) => string;
  onMove: (from: number, to: number) => void;
}

interface Pull {
  from: number;
  to: number;
}

const ROW = ":scope > [data-order-row]";
const FIELDS = "input, select, textarea, button, [contenteditable=true]";

export function useRowOrder({ count, nameOf, onMove }: RowOrderOptions) {
  const { t } = useTranslation("forms");
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [pull, setPull] = useState<Pull | null>(null);
  const rows = () => [...(box?.querySelectorAll<HTMLElement>(ROW) ?? [])];

  function move(from: number, to: number) {
    if (to < 0 || to >= count || to === from) return;
    const at = fieldsIn(rows()[from]).indexOf(document.activeElement as HTMLElement);
    const name = nameOf(from);
    onMove(from, to);
    announce(t("order.moved", { name, at: to + 1, count }));
    // The same field of the row as before, where it is now.
    requestAnimationFrame(() => fieldsIn(rows()[to])[Math.max(0, at)]?.focus());
  }

  /** Where a row would be if it were let go at this height. */
  function placeAt(height: number, from: number): number {
    return rows().filter((row, at) => {
      const { top, bottom } = row.getBoundingClientRect();
      return at !== from && (top + bottom) / 2 < height;
    }).length;
  }

  const handle = (at: number) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setPull({ from: at, to: at });
    },
    onPointerMove({ clientY }: PointerEvent<HTMLElement>) {
      if (pull) setPull({ from: pull.from, to: placeAt(clientY, pull.from) });
    },
    onPointerUp() {
      if (pull) move(pull.from, pull.to);
      setPull(null);
    },
    onPointerCancel: () => setPull(null),
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (event.key !== "Escape" || !pull) return;
      event.stopPropagation();
      setPull(null);
    },
  });

  const row = (at: number) => ({
    "data-order-row": true,
    "data-pulled": pull?.from === at || undefined,
    "data-drop": pull ? dropAt(pull, at) : undefined,
    // Before the fields of the row: an editor of code has a meaning of its own for these keys.
    onKeyDownCapture(event: KeyboardEvent<HTMLElement>) {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined || !event.altKey || event.ctrlKey || event.shiftKey) return;
      if (isKept(event.target as HTMLElement, event.currentTarget)) return;
      event.preventDefault();
      event.stopPropagation();
      move(at, at + by);
    },
  });

  /** Into a row that was just added, or the one that stands where one was taken out. */
  const focusRow = (at: number) =>
    requestAnimationFrame(() => {
      const all = rows();
      const fields = fieldsIn(all[Math.min(at, all.length - 1)]);
      (fields.find((field) => !field.matches("[data-order-handle]")) ?? fields[0])?.focus();
    });

  return { box: setBox, order: { handle, row, move, focusRow } };
}

function fieldsIn(row: HTMLElement | undefined): HTMLElement[] {
  return [...(row?.querySelectorAll<HTMLElement>(FIELDS) ?? [])];
}

/** A list opens with these keys, a long text moves its lines; rows in a row move themselves. */
function isKept(target: HTMLElement, row: HTMLElement): boolean {
  if (target.closest("[data-order-row]") !== row) return true;
  return target.closest("select, textarea, [data-long]") !== null;
}

/** On which side of a row a line shows where the pulled one goes. */
function dropAt({ from, to }: Pull, at: number): "above" | "below" | undefined {
  if (to === from || at !== to) return undefined;
  return to < from ? "above" : "below";
}

export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

export type RowOrder = ReturnType<typeof useRowOrder>["order"];
