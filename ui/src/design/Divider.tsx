/** Between two parts that stand side by side: moved by pointer or arrow keys, and put back by a double click. */
import type { KeyboardEvent, PointerEvent } from "react";
import classes from "./Divider.module.css";

interface DividerProps {
  className?: string | undefined;
  label: string;
  /** Of the part that it belongs to, in pixels. */
  width: number;
  min: number;
  max: number;
  /** Which side of the divider that part is on. */
  of: "left" | "right";
  onMove: (px: number) => void;
  onReset: () => void;
}

const STEP_PX = 16;

export function Divider(props: DividerProps) {
  const { className = "", label, width, min, max, of, onMove, onReset } = props;
  const sign = of === "left" ? 1 : -1;
  const move = (px: number) => onMove(Math.min(max, Math.max(min, Math.round(px))));

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => move(width + sign * (moved.clientX - from));
    handle.onpointerup = handle.onpointercancel = () => {
      handle.onpointermove = null;
    };
  }

  function onKeyDown(event: KeyboardEvent) {
    const to: Record<string, number> = {
      ArrowLeft: width - sign * STEP_PX,
      ArrowRight: width + sign * STEP_PX,
      Home: of === "left" ? min : max,
      End: of === "left" ? max : min,
    };
    const px = to[event.key];
    if (px === undefined) return;
    event.preventDefault();
    move(px);
  }

  return (
    <div
      className={`${classes.divider} ${className}`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(width)}
      aria-valuemin={min}
      aria-valuemax={Math.round(max)}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
    />
  );
}
