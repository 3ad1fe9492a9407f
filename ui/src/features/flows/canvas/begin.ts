/** Where a drawing stands when it begins, so that it is drawn once and stays. */
import { getViewportForBounds, type FitViewOptions, type Rect, type Viewport } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import { NODE_HEIGHT, NODE_WIDTH, type Position } from "./layout";

// Below, there is room for the zoom buttons.
export const FIT = {
  padding: { x: "24px", top: "24px", bottom: "64px" },
  maxZoom: 1,
} as const satisfies FitViewOptions;
/** How far the wheel goes: `leastZoom` says where it goes further. */
export const ZOOM = { min: 0.1, max: 2 };
/** A card is two pixels wide here; beyond, there would be nothing to see of the widest tree. */
const FIT_ZOOM_MIN = 0.01;
/** Letters are 5 pixels high here. */
export const FAR_ZOOM = 0.35;
/** From here on lines and edges keep their width on the screen, or they would fade away. */
export const TINY_ZOOM = 0.15;
/** Where the whole would be smaller than this, its words are hard to read: it begins at its first card instead. */
export const WHOLE_ZOOM_MIN = 0.5;
const READ_ZOOM = 0.8;
const EDGE_PX = 24;

export interface Size {
  width: number;
  height: number;
}

export interface Placed {
  id: string;
  position: Position;
}

export interface Begin {
  size: Size;
  viewport: Viewport;
  /** The card that was selected then. */
  focus: string | undefined;
}

/** Nothing is known until the page around it has its shape: a panel may open beside it. */
export function useBegin(cards: readonly Placed[], focus: string | undefined) {
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
  if (size && !begin) setBegin({ size, focus, viewport: beginning(cards, size, focus) });
  return { room, begin };
}

/**
 * The whole, if its words can be read then. Else the first card stands at the top, or the one that somebody came for in
 * the middle, at a size that can be read.
 */
export function beginning(
  cards: readonly Placed[],
  size: Size,
  focus: string | undefined,
): Viewport {
  const whole = fitted(cards, size);
  const [first] = cards;
  if (whole.zoom >= WHOLE_ZOOM_MIN || !first) return whole;
  const wanted = cards.find(({ id }) => id === focus);
  if (wanted && wanted !== first) return centred(wanted, size, READ_ZOOM);
  return { ...centred(first, size, READ_ZOOM), y: EDGE_PX - first.position.y * READ_ZOOM };
}

/** The place and size at which all cards are in sight, as far as that can be. */
export function fitted(cards: readonly { position: Position }[], size: Size): Viewport {
  const { width, height } = size;
  const bounds = boundsOf(cards);
  return getViewportForBounds(bounds, width, height, FIT_ZOOM_MIN, FIT.maxZoom, FIT.padding);
}

/** What wheels and buttons reach: never less than the whole, and no less than that where it is large enough. */
export function leastZoom(cards: readonly { position: Position }[], size: Size): number {
  return cards.length === 0 ? ZOOM.min : Math.min(ZOOM.min, fitted(cards, size).zoom);
}

export function centred({ position }: { position: Position }, size: Size, zoom: number): Viewport {
  return {
    x: Math.round(size.width / 2 - (position.x + NODE_WIDTH / 2) * zoom),
    y: Math.round(size.height / 2 - (position.y + NODE_HEIGHT / 2) * zoom),
    zoom,
  };
}

/** Whether the middle of the card is. */
export function isInSight({ position }: { position: Position }, size: Size, at: Viewport): boolean {
  const x = at.x + (position.x + NODE_WIDTH / 2) * at.zoom;
  const y = at.y + (position.y + NODE_HEIGHT / 2) * at.zoom;
  return x >= 0 && x <= size.width && y >= 0 && y <= size.height;
}

function boundsOf(cards: readonly { position: Position }[]): Rect {
  const [xs, ys] = [cards.map((card) => card.position.x), cards.map((card) => card.position.y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) + NODE_WIDTH - x;
  return { x, y, width, height: Math.max(...ys) + NODE_HEIGHT - y };
}
