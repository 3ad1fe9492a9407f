/**
 * While a large drawing is pulled or zoomed, it is a picture that is pushed about: what is drawn of it stays, and what
 * comes into sight is a shape, until the drawing is caught up with. Otherwise every card and line is asked at each frame
 * whether it is in sight, which takes longer than a frame where no graphics card helps.
 */
import type { OnMove, ReactFlowProps, useStoreApi, Viewport } from "@xyflow/react";
import { useEffect, useRef, useState, type RefObject } from "react";
import { TINY_ZOOM } from "./begin";
import { NODE_HEIGHT } from "./layout";

const PIN_PX = 14;
/** How long shapes stand for what came into sight. */
const CATCH_UP_MS = 250;

/** React Flow's own, which is known inside it alone. */
export type FlowStore = ReturnType<typeof useStoreApi>;

type Moving = Required<
  Pick<ReactFlowProps, "viewport" | "onViewportChange" | "onMoveStart" | "onMoveEnd">
>;

interface Given {
  room: RefObject<HTMLElement | null>;
  begin: Viewport;
  isLarge: boolean;
}

export function useMoving({ room, begin, isLarge }: Given) {
  const store = useRef<FlowStore | null>(null);
  const caughtUpAt = useRef(0);
  const last = useRef(begin);
  const isByHand = useRef(false);
  // That there is one says that where the drawing stands is told here; it never changes.
  const [viewport] = useState(begin);
  useEffect(() => {
    sizeMarks(room.current, viewport);
  }, [room, viewport]);

  function catchUp() {
    const { x, y, zoom } = last.current;
    caughtUpAt.current = performance.now();
    store.current?.setState({ transform: [x, y, zoom] });
  }

  const onViewportChange = (at: Viewport) => {
    last.current = at;
    const flow = store.current?.getState();
    // What is drawn beside the cards, around several or towards a new one, cannot be pushed about with them.
    const isPicture = isLarge && isByHand.current && !flow?.nodesSelectionActive;
    const isLate = performance.now() - caughtUpAt.current > CATCH_UP_MS;
    if (isPicture && !isLate) push(room.current, at);
    else catchUp();
  };
  const onMoveStart: OnMove = (event) => {
    isByHand.current = event !== null;
    caughtUpAt.current = performance.now();
    room.current?.setAttribute("data-moving", event?.type === "mousedown" ? "pull" : "zoom");
  };
  const onMoveEnd: OnMove = () => {
    isByHand.current = false;
    catchUp();
    room.current?.removeAttribute("data-moving");
    sizeMarks(room.current, last.current);
  };
  const onStore = (own: FlowStore) => {
    store.current = own;
  };
  return {
    onStore,
    moving: { viewport, onViewportChange, onMoveStart, onMoveEnd } satisfies Moving,
  };
}

function push(room: HTMLElement | null, { x, y, zoom }: Viewport) {
  const picture = room?.querySelector<HTMLElement>(".react-flow__viewport");
  if (picture) picture.style.transform = `translate(${x}px,${y}px) scale(${zoom})`;
}

/** Pins are as large from far away as from near by, as long as they leave something of the next card; so are thin lines. */
function sizeMarks(room: HTMLElement | null, { zoom }: Viewport) {
  const pin = Math.max(PIN_PX, Math.min(PIN_PX / zoom, NODE_HEIGHT));
  room?.style.setProperty("--pin", `${Math.round(pin)}px`);
  room?.style.setProperty("--hair", `${(1 / zoom).toFixed(1)}px`);
  room?.toggleAttribute("data-tiny", zoom < TINY_ZOOM);
}
