/** What of a drawing is in sight: parts of React Flow that move it, or say how it stands. */
import { MiniMap, useReactFlow, useStore } from "@xyflow/react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { FAR_ZOOM, FIT, type Size } from "./begin";

/** Comes after the drawing that it is of. */
export function Overview() {
  const isDrawn = useDeferredValue(true, false);
  return isDrawn && <MiniMap pannable zoomable />;
}

/** Says when a large drawing is so far away that no word can be read. */
export function Distance({
  isLarge,
  onChange,
}: {
  isLarge: boolean;
  onChange: (isFar: boolean) => void;
}) {
  // Before it can be moved, it does not stand where it begins.
  const isFar = useStore(({ panZoom, transform: [, , zoom] }) =>
    panZoom ? isLarge && zoom < FAR_ZOOM : null,
  );
  useEffect(() => {
    if (isFar !== null) onChange(isFar);
  }, [isFar, onChange]);
  return null;
}

/**
 * When the room for the drawing changes, as by a panel beside it, or a card comes, the whole of it stays in sight: as
 * long as nobody has moved it. It begins fitted.
 */
export function FitToRoom({ fitted }: { fitted: Size }) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const count = useStore((state) => state.nodes.length);
  const isDragging = useStore((state) => state.paneDragging);
  const isHeld = useHeld();
  const wasMoved = useRef(false);
  const known = useRef(`${fitted.width} ${fitted.height} ${count}`);
  useEffect(() => {
    wasMoved.current ||= isDragging;
  }, [isDragging]);
  useEffect(() => {
    const now = `${width} ${height} ${count}`;
    if (isHeld || width === 0 || height === 0 || now === known.current) return;
    known.current = now;
    if (!wasMoved.current) void fitView(FIT);
  }, [fitView, width, height, count, isHeld]);
  return null;
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
