/** Where a drawing stands when it begins: the whole of it in the room that there is, so that it is drawn once and stays. */
import { getViewportForBounds, type FitViewOptions, type Rect, type Viewport } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import { NODE_HEIGHT, NODE_WIDTH, type Position } from "./layout";
import type { Card } from "./useCards";

// Below, there is room for the zoom buttons.
export const FIT = {
  padding: { x: "24px", top: "24px", bottom: "64px" },
  maxZoom: 1,
} as const satisfies FitViewOptions;
export const ZOOM = { min: 0.1, max: 2 };
/** Letters are 5 pixels high here. */
export const FAR_ZOOM = 0.35;

export interface Size {
  width: number;
  height: number;
}

export interface Begin {
  size: Size;
  viewport: Viewport;
}

/** Nothing is known until the page around it has its shape: a panel may open beside it. */
export function useBegin(cards: readonly Card[]) {
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>();
  const [begin, setBegin] = useState<Begin>();
  useEffect(() => {
    const box = room.current;
    if (!box) return;
    const watch = new ResizeObserver(() => {
      watch.disconnect();
      setSize({ width: box.clientWidth, height: box.clientHeight });
    });
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  // Only what it begins with counts: from then on a person moves it.
  if (size && !begin) setBegin({ size, viewport: fitted(cards, size) });
  return { room, begin };
}

/** The place and size at which all cards are in sight, as far as that can be. */
export function fitted(cards: readonly { position: Position }[], size: Size): Viewport {
  const { width, height } = size;
  const { min } = ZOOM;
  return getViewportForBounds(boundsOf(cards), width, height, min, FIT.maxZoom, FIT.padding);
}

function boundsOf(cards: readonly { position: Position }[]): Rect {
  const [xs, ys] = [cards.map((card) => card.position.x), cards.map((card) => card.position.y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) + NODE_WIDTH - x;
  return { x, y, width, height: Math.max(...ys) + NODE_HEIGHT - y };
}
