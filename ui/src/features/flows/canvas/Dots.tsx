/**
 * The dotted ground. It is moved as a whole, by a transform: drawn anew at each step of a move it would cost more than all
 * cards in sight.
 */
import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import classes from "./FlowCanvas.module.css";

/** Between two dots, where the drawing is not enlarged. */
const GAP_PX = 20;

export function Dots() {
  const store = useStoreApi();
  const ground = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const [x, y, zoom] = store.getState().transform;
      if (ground.current) ground.current.style.transform = dotsAt(x, y, zoom);
    };
    place();
    return store.subscribe(place);
  }, [store]);
  return <div ref={ground} className={classes.dots} aria-hidden />;
}

/** Where the ground stands: never further than one dot from the corner, and dots never too close. */
export function dotsAt(x: number, y: number, zoom: number): string {
  // Far away every second dot is left out, and again.
  const scale = zoom * 2 ** Math.max(0, Math.round(-Math.log2(zoom)));
  const gap = GAP_PX * scale;
  // Whole pixels: it is moved as a picture, and between two of them each would be mixed from several.
  const within = (place: number) => Math.round((((place % gap) + gap) % gap) - gap);
  return `translate(${within(x)}px, ${within(y)}px) scale(${scale})`;
}
