/** A large drawing that is far away, as a few shapes: hundreds of lines and cards of their own would stop every zoom. */
import { getBezierPath, Position as Side, ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import { farShapes } from "./farShapes";
import classes from "./FlowCanvas.module.css";
import { NODE_HEIGHT, NODE_WIDTH, type Position } from "./layout";
import type { EdgeLook } from "./looks";
import type { Card, Line } from "./useCards";

/** The cards themselves are only what is clicked and what has the focus. */
export function FarDrawing({ cards, lines }: { cards: readonly Card[]; lines: readonly Line[] }) {
  const shapes = useMemo(() => shapesOf({ cards, lines }), [cards, lines]);
  const parts = useMemo(() => farShapes(cards), [cards]);
  return (
    <ViewportPortal>
      <svg className={classes.far} aria-hidden>
        {shapes.map(({ look, path }) => (
          <g
            key={keyOf(look)}
            className={classes.edge}
            data-mark={look?.mark}
            data-taken={look?.isTaken || undefined}
          >
            <path className={classes.line} d={path} />
          </g>
        ))}
        {parts.map(({ part, look, path }) => (
          <path key={`${part} ${look}`} data-part={part} data-look={look} d={path} />
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
  look: EdgeLook | undefined;
  path: string;
}

/** One shape for all lines that look the same. */
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
    const shape = shapes.get(keyOf(look)) ?? { look, path: "" };
    shape.path += path;
    shapes.set(keyOf(look), shape);
  }
  return [...shapes.values()];
}

const keyOf = (look: EdgeLook | undefined) => `${look?.mark} ${look?.isTaken}`;
