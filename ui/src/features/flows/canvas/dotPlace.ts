/** Where dots are drawn: around what is in sight, in large pieces, so that the place changes seldom. Pure. */
import type { Rect, Viewport } from "@xyflow/react";
import { FAR_ZOOM, type Size } from "./begin";

/** Of the drawing, in its own pixels: many times the distance of the dots. */
const PIECE_PX = 1_200;

/** Null from far away, where dots would be a haze. */
export function dotsFor({ x, y, zoom }: Viewport, { width, height }: Size): Rect | null {
  if (zoom < FAR_ZOOM) return null;
  const [left, right] = pieces(-x / zoom, (width - x) / zoom);
  const [top, bottom] = pieces(-y / zoom, (height - y) / zoom);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** From one end to the other in whole pieces, and one more at each end. */
function pieces(begin: number, end: number): [number, number] {
  const first = Math.floor(begin / PIECE_PX) - 1;
  const last = Math.ceil(end / PIECE_PX) + 1;
  return [first * PIECE_PX, last * PIECE_PX];
}
