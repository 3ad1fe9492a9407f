/** What of a drawing is in sight: parts of React Flow that move it, or say how it stands. */
import { MiniMap, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { FAR_ZOOM, FIT, leastZoom, TINY_ZOOM, ZOOM, type Begin, type Placed } from "./begin";
import { nextStand, type Scene } from "./stand";
import type { FlowStore } from "./useMoving";

/** A zoom this much nearer than the whole is all but the whole. */
const WHOLE_SLACK = 1.2;

/** Comes after the drawing that it is of, and goes where the drawing itself is as small. */
export function Overview() {
  const isDrawn = useDeferredValue(true, false);
  const isWhole = useStore(
    ({ minZoom, transform: [, , zoom] }) => zoom < ZOOM.min && zoom < minZoom * WHOLE_SLACK,
  );
  return isDrawn && !isWhole && <MiniMap pannable zoomable maskStrokeWidth={1} />;
}

/** Gives the store away, to whom is outside of it. */
export function StoreFor({ onStore }: { onStore: (store: FlowStore) => void }) {
  const store = useStoreApi();
  useEffect(() => {
    onStore(store);
  }, [onStore, store]);
  return null;
}

/** Lets the wheel and the buttons go as far away as the whole needs. */
export function Reach({ cards }: { cards: readonly Placed[] }) {
  const setMinZoom = useStore((state) => state.setMinZoom);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const least = width === 0 || height === 0 ? null : leastZoom(cards, { width, height });
  useEffect(() => {
    if (least !== null) setMinZoom(least);
  }, [least, setMinZoom]);
  return null;
}

/** Says when a drawing is so far away that it is drawn as shapes: no word of it can be read, and a large one much earlier. */
export function Distance({
  isLarge,
  onChange,
}: {
  isLarge: boolean;
  onChange: (isFar: boolean) => void;
}) {
  // Before it can be moved, it does not stand where it begins.
  const isFar = useStore(({ panZoom, transform: [, , zoom] }) =>
    panZoom ? zoom < (isLarge ? FAR_ZOOM : TINY_ZOOM) : null,
  );
  useEffect(() => {
    if (isFar !== null) onChange(isFar);
  }, [isFar, onChange]);
  return null;
}

interface StandProps {
  begin: Begin;
  cards: readonly Placed[];
  selected: readonly string[];
}

/** Keeps the drawing where it is to stand: the rules are `nextStand`'s. */
export function Stand({ begin, cards, selected }: StandProps) {
  const { getViewport, setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const isHeld = useHeld();
  const chosen = selected.length === 1 ? selected[0] : undefined;
  const { size, focus } = begin;
  const was = useRef<Scene>({ cards, size, chosen: focus });
  useEffect(() => {
    if (isHeld || width === 0 || height === 0) return;
    const now = { cards, size: { width, height }, chosen };
    const stand = nextStand(was.current, now, getViewport(), focus);
    was.current = now;
    if (stand) void setViewport(stand.viewport, stand.isShown ? motion() : {});
  }, [cards, chosen, focus, getViewport, setViewport, width, height, isHeld]);
  return null;
}

const MOTION_MS = 120;

/** Only to show where something went, and not for those who want none. */
export function motion(): { duration: number } {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return { duration: isStill ? 0 : MOTION_MS };
}

/** Whether something is held by the pointer: then the drawing must not move away below it. */
function useHeld(): boolean {
  const canvas = useStore((state) => state.domNode);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    const hold = () => setHeld(true);
    // After the click that may come with it, which has to meet what was pressed.
    const release = () => setTimeout(() => setHeld(false));
    canvas?.addEventListener("pointerdown", hold, true);
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
    return () => {
      canvas?.removeEventListener("pointerdown", hold, true);
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
    };
  }, [canvas]);
  return isHeld;
}

export interface Shown {
  ids: readonly string[];
  turn: number;
}

/** Brings these nodes into sight, all if none is named, each time `turn` grows. */
export function Show({ show: { ids, turn } }: { show: Shown }) {
  const { fitView } = useReactFlow();
  const wanted = useRef(ids);
  useEffect(() => {
    wanted.current = ids;
  });
  useEffect(() => {
    if (turn === 0) return;
    const nodes = wanted.current.map((id) => ({ id }));
    void fitView({ ...FIT, ...(nodes.length > 0 ? { nodes } : {}) });
  }, [turn, fitView]);
  return null;
}
