/** The way from card to card by the arrow keys: along the lines, and where none leads on, to the nearest. Pure. */
import type { Placed } from "./begin";
import { NODE_HEIGHT } from "./layout";

export const WALK_KEYS = [
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
] as const;
export type WalkKey = (typeof WALK_KEYS)[number];

interface Drawn {
  cards: readonly Placed[];
  lines: readonly { source: string; target: string }[];
}

/** The card that the key leads to; undefined at the edge of the drawing. */
export function nextCard(key: WalkKey, from: string, { cards, lines }: Drawn): Placed | undefined {
  const here = cards.find(({ id }) => id === from);
  if (!here || key === "Home") return cards[0];
  if (key === "End") return cards.at(-1);
  const along = (card: Placed) => card.position.x - here.position.x;
  const down = (card: Placed) => card.position.y - here.position.y;
  const isBeside = (card: Placed) => Math.abs(down(card)) < NODE_HEIGHT;
  const nearest = (found: readonly Placed[]) =>
    found
      .filter((card) => card !== here)
      .reduce<Placed | undefined>(
        (best, card) => (best && distance(best) <= distance(card) ? best : card),
        undefined,
      );
  const distance = (card: Placed) => Math.abs(down(card)) * 4 + Math.abs(along(card));
  switch (key) {
    case "ArrowLeft":
      return nearest(cards.filter((card) => isBeside(card) && along(card) < 0));
    case "ArrowRight":
      return nearest(cards.filter((card) => isBeside(card) && along(card) > 0));
    case "ArrowDown": {
      const ends = new Set(lines.filter((each) => each.source === from).map((each) => each.target));
      return (
        nearest(cards.filter(({ id }) => ends.has(id))) ??
        nearest(cards.filter((card) => !isBeside(card) && down(card) > 0))
      );
    }
    case "ArrowUp": {
      const begun = new Set(lines.filter((each) => each.target === from).map((it) => it.source));
      return (
        nearest(cards.filter(({ id }) => begun.has(id))) ??
        nearest(cards.filter((card) => !isBeside(card) && down(card) < 0))
      );
    }
  }
}
