/** Where a drawing stands after something changed: its room, its cards, what is selected. Pure. */
import type { Viewport } from "@xyflow/react";
import { beginning, centred, fitted, isInSight, type Placed, type Size } from "./begin";

export interface Scene {
  cards: readonly Placed[];
  size: Size;
  /** The one card that is selected. */
  chosen: string | undefined;
}

export interface Stand {
  viewport: Viewport;
  /** Somebody chose a card: the way to it is shown. */
  isShown: boolean;
}

/** A pixel, and what rounding makes of a zoom, as a share of it: that of a wide tree is very small. */
const SAME = { px: 1, zoom: 0.001 };

/**
 * As long as nobody has moved it, it stands as it began, or as a whole, also in another room and with more cards. A card
 * that is chosen elsewhere, in the outline or by a search, comes into sight. Null: it stays where it is.
 */
export function nextStand(
  was: Scene,
  now: Scene,
  at: Viewport,
  focus: string | undefined,
): Stand | null {
  const isOther =
    was.size.width !== now.size.width ||
    was.size.height !== now.size.height ||
    was.cards.length !== now.cards.length;
  const ways = [
    ({ cards, size }: Scene) => fitted(cards, size),
    ({ cards, size }: Scene) => beginning(cards, size, focus),
  ];
  const way = isOther ? ways.find((each) => isSame(each(was), at)) : undefined;
  const stays = way ? way(now) : at;
  const card = now.cards.find(({ id }) => id === now.chosen);
  const isNew = now.chosen !== was.chosen;
  const wasInSight = !isNew && card !== undefined && isInSight(card, was.size, at);
  if (card && (isNew || (isOther && wasInSight)) && !isInSight(card, now.size, stays)) {
    return { viewport: centred(card, now.size, stays.zoom), isShown: isNew };
  }
  return way ? { viewport: stays, isShown: false } : null;
}

function isSame(left: Viewport, right: Viewport): boolean {
  return (
    Math.abs(left.x - right.x) < SAME.px &&
    Math.abs(left.y - right.y) < SAME.px &&
    Math.abs(left.zoom - right.zoom) < SAME.zoom * left.zoom
  );
}
