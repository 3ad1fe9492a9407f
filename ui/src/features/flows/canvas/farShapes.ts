/** Cards of a large drawing, as a few shapes: in each piece of it one for all parts that look the same. Pure. */
import { statusLook } from "@/design/status";
import { NODE_HEIGHT, NODE_WIDTH } from "./layout";
import type { Card } from "./useCards";

/** In the order in which they lie upon each other. */
const PARTS = ["ring", "body", "icon", "words", "strip", "pin"] as const;

/** Shapes beyond what is in sight are not painted, so those of a tall drawing come in pieces. */
const PIECE_PX = 2_000;

export const pieceOf = ({ y }: { y: number }): number => Math.floor(y / PIECE_PX);

export interface FarShape {
  piece: number;
  part: (typeof PARTS)[number];
  /** Its state or mark, which is its colour; empty for the plain one. */
  look: string;
  path: string;
}

/** Of a part, measured from the card's upper left corner. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  radius: number;
}

// The middle of the card's edge, as a line is drawn on both sides of it.
const BODY: Box = { x: 0.5, y: 0.5, width: NODE_WIDTH - 1, height: NODE_HEIGHT - 1, radius: 8 };
const RING: Box = { x: -4, y: -4, width: NODE_WIDTH + 8, height: NODE_HEIGHT + 8, radius: 12 };
const ICON: Box = { x: 16, y: 16, width: 28, height: 28, radius: 6 };
const WORDS: Box = { x: 56, y: 23, width: 120, height: 14, radius: 6 };
// As wide as the rounded corners leave it.
const STRIP: Box = { x: 4, y: 57, width: NODE_WIDTH - 8, height: 3, radius: 0 };
const PIN: Box = { x: 6, y: -10, width: 24, height: 24, radius: 12 };

export function farShapes(cards: readonly Card[]): FarShape[] {
  const paths = new Map<string, string>();
  for (const { position, selected, data } of cards) {
    const { node, look } = data;
    const add = (part: FarShape["part"], box: Box, name = "") => {
      const key = `${pieceOf(position)} ${part} ${name}`;
      paths.set(key, (paths.get(key) ?? "") + boxPath(position.x + box.x, position.y + box.y, box));
    };
    if (selected) add("ring", RING, "selected");
    else if (look?.isFound) add("ring", RING, "found");
    add("body", BODY, look?.mark ?? (node.kind === "end" ? "end" : ""));
    add("icon", ICON);
    add("words", WORDS);
    const state = look?.status ? statusLook(look.status).tone : node.severity;
    add("strip", STRIP, state ?? "");
    if (look?.isPinned) add("pin", PIN);
  }
  const all = [...paths].map(([key, path]) => {
    const [piece = "", part = "", look = ""] = key.split(" ");
    return { piece: Number(piece), part, look, path } as FarShape;
  });
  return all.sort((left, right) => PARTS.indexOf(left.part) - PARTS.indexOf(right.part));
}

function boxPath(x: number, y: number, { width, height, radius }: Box): string {
  if (radius === 0) return `M${x} ${y}h${width}v${height}h${-width}z`;
  const [across, down] = [width - 2 * radius, height - 2 * radius];
  const corner = (dx: number, dy: number) => `a${radius} ${radius} 0 0 1 ${dx} ${dy}`;
  return (
    `M${x + radius} ${y}h${across}${corner(radius, radius)}v${down}${corner(-radius, radius)}` +
    `h${-across}${corner(-radius, -radius)}v${-down}${corner(radius, -radius)}z`
  );
}
