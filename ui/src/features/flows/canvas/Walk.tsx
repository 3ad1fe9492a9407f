/**
 * The arrow keys on a card lead to another one, also to one that is not in sight, which the Tab key does not reach. Those
 * of a selected card move it, where it can be moved.
 */
import { useReactFlow, useStore } from "@xyflow/react";
import { useEffect } from "react";
import { centred, isInSight } from "./begin";
import type { Card, Line } from "./useCards";
import { nextCard, WALK_KEYS } from "./walk";

interface WalkProps {
  cards: readonly Card[];
  lines: readonly Line[];
  isEdited: boolean;
}

export function Walk({ cards, lines, isEdited }: WalkProps) {
  const { getViewport, setViewport } = useReactFlow();
  const canvas = useStore(({ domNode }) => domNode);
  useEffect(() => {
    if (!canvas) return;
    const onKey = (event: KeyboardEvent) => {
      const key = WALK_KEYS.find((each) => each === event.key);
      const id = event.target instanceof HTMLElement ? event.target.dataset.id : undefined;
      const here = cards.find((card) => card.id === id);
      // React Flow takes the focus away with the selection, in the next frame: whoever goes by keys would begin anew.
      if (event.key === "Escape" && here?.selected) {
        requestAnimationFrame(() => requestAnimationFrame(() => focusCard(canvas, here.id)));
      }
      const isWithMore = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!key || !here || isWithMore || (isEdited && here.selected)) return;
      event.preventDefault();
      const next = nextCard(key, here.id, { cards, lines });
      if (!next) return;
      const size = { width: canvas.clientWidth, height: canvas.clientHeight };
      const at = getViewport();
      if (!isInSight(next, size, at)) void setViewport(centred(next, size, at.zoom));
      // What was not in sight is drawn by then.
      requestAnimationFrame(() => focusCard(canvas, next.id));
    };
    canvas.addEventListener("keydown", onKey);
    return () => canvas.removeEventListener("keydown", onKey);
  }, [canvas, cards, lines, isEdited, getViewport, setViewport]);
  return null;
}

function focusCard(canvas: HTMLElement, id: string): void {
  canvas
    .querySelector<HTMLElement>(`.react-flow__node[data-id=${CSS.escape(id)}]`)
    ?.focus({ preventScroll: true });
}
