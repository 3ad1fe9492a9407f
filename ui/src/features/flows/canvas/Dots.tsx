/**
 * The dots behind the cards. They lie in the drawing and go with it: a pattern of the room, as React Flow has one, is
 * painted anew over the whole room at each step of a pull.
 */
import { useStore, ViewportPortal, type ReactFlowState } from "@xyflow/react";
import classes from "./FlowCanvas.module.css";
import { dotsFor } from "./dotPlace";

export function Dots() {
  // As text: it is drawn again only when it is another place.
  const place = useStore(placeOf);
  if (place === "") return null;
  const [left, top, width, height] = place.split(" ").map(Number);
  return (
    <ViewportPortal>
      <div className={classes.dots} style={{ left, top, width, height }} aria-hidden />
    </ViewportPortal>
  );
}

function placeOf({ transform: [x, y, zoom], width, height }: ReactFlowState): string {
  const room = dotsFor({ x, y, zoom }, { width, height });
  return room ? `${room.x} ${room.y} ${room.width} ${room.height}` : "";
}
