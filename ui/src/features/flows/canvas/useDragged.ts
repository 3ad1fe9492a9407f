/** Cards while they are dragged: their positions become part of the document only where they are let go. */
import type { NodeChange } from "@xyflow/react";
import { useMemo, useState } from "react";
import type { Layout } from "../editor/commands";
import type { Card } from "./useCards";

export function useDragged(cards: Card[], onMove: ((positions: Layout) => void) | undefined) {
  const [dragged, setDragged] = useState<Layout>({});
  const shown = useMemo(() => {
    if (Object.keys(dragged).length === 0) return cards;
    return cards.map((card) => {
      const position = dragged[card.id];
      return position ? { ...card, position } : card;
    });
  }, [cards, dragged]);

  function onPositions(changes: NodeChange<Card>[]) {
    const moved: Layout = {};
    let isOver = false;
    for (const change of changes) {
      if (change.type !== "position") continue;
      if (change.position) moved[change.id] = change.position;
      isOver ||= change.dragging !== true;
    }
    if (isOver) {
      const all = { ...dragged, ...moved };
      setDragged({});
      if (Object.keys(all).length > 0) onMove?.(all);
    } else if (Object.keys(moved).length > 0) {
      setDragged((before) => ({ ...before, ...moved }));
    }
  }

  return { shown, onPositions };
}
