/**
 * A large drawing as a few shapes. From far away they are what is drawn, as hundreds of lines and cards of their own would
 * stop every zoom; near by they stand for what comes into sight while it moves.
 */
import { getBezierPath, Position as Side, ViewportPortal } from "@xyflow/react";
import { useDeferredValue, useMemo } from "react";
import { farShapes, pieceOf } from "./farShapes";
import classes from "./FarDrawing.module.css";
import canvas from "./FlowCanvas.module.css";
import { NODE_HEIGHT, NODE_WIDTH, type Position } from "./layout";
import type { EdgeLook } from "./looks";
import type { Card, Line } from "./useCards";

interface FarDrawingProps {
  cards: readonly Card[];
  lines: readonly Line[];
  isFar: boolean;
}

/** The cards themselves are only what is clicked and what has the focus. Near by it comes after the drawing. */
export function FarDrawing({ isFar, ...parts }: FarDrawingProps) {
  const isDrawn = useDeferredValue(true, isFar);
  return isDrawn && <Shapes {...parts} isFar={isFar} />;
}

function Shapes({ cards, lines, isFar }: FarDrawingProps) {
  const shapes = useMemo(() => shapesOf({ cards, lines }), [cards, lines]);
  const parts = useMemo(() => farShapes(cards), [cards]);
  return (
    <ViewportPortal>
      <svg className={classes.far} data-near={!isFar || undefined} aria-hidden>
        {shapes.map(({ piece, look, path }) => (
          <g
            key={`${piece} ${keyOf(look)}`}
            className={canvas.edge}
            data-mark={look?.mark}
            data-taken={look?.isTaken || undefined}
          >
            <path className={`${canvas.line} ${classes.line}`} d={path} />
          </g>
        ))}
        {parts.map(({ piece, part, look, path }) => (
          <path key={`${piece} ${part} ${look}`} data-part={part} data-look={look} d={path} />
        ))}
      </svg>
    </ViewportPortal>
  );
}

interface LinesAndEnds {
  cards: readonly { id: string; position: Position }[];
  lines: readonly Line[];
}

interface Shape {
  piece: number;
  look: EdgeLook | undefined;
  path: string;
}

/** In each piece of the drawing one shape for all lines that look the same. */
export function shapesOf({ cards, lines }: LinesAndEnds): Shape[] {
  const at = new Map(cards.map(({ id, position }) => [id, position]));
  const shapes = new Map<string, Shape>();
  for (const { source, target, data } of lines) {
    const [from, to] = [at.get(source), at.get(target)];
    if (!from || !to) continue;
    const [path] = getBezierPath({
      sourceX: from.x + NODE_WIDTH / 2,
      sourceY: from.y + NODE_HEIGHT,
      sourcePosition: Side.Bottom,
      targetX: to.x + NODE_WIDTH / 2,
      targetY: to.y,
      targetPosition: Side.Top,
    });
    const look = data?.look;
    const piece = pieceOf(from);
    const key = `${piece} ${keyOf(look)}`;
    const shape = shapes.get(key) ?? { piece, look, path: "" };
    shape.path += path;
    shapes.set(key, shape);
  }
  return [...shapes.values()];
}

const keyOf = (look: EdgeLook | undefined) => `${look?.mark} ${look?.isTaken}`;
