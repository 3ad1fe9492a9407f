/** A list and its detail side by side; the divider is moved by pointer or arrow keys and remembered. */
import { useElementSize, useLocalStorage } from "@mantine/hooks";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./SplitPane.module.css";

interface SplitPaneProps {
  /** Where the width is remembered. */
  name: string;
  side: ReactNode;
  children: ReactNode;
  initialPx?: number;
}

const SIDE_MIN_PX = 300;
const MAIN_MIN_PX = 390;
const STEP_PX = 16;
/** Both parts may become a little narrower than they like before one goes below the other. */
const STACK_SLACK_PX = 60;

export function SplitPane({ name, side, children, initialPx = 440 }: SplitPaneProps) {
  const { t } = useTranslation();
  const { ref, width: total } = useElementSize();
  const [wanted, setWanted] = useLocalStorage({
    key: `hookloom.split.${name}`,
    defaultValue: initialPx,
    getInitialValueInEffect: false,
  });
  const isStacked = total > 0 && total < SIDE_MIN_PX + MAIN_MIN_PX - STACK_SLACK_PX;
  const max = total === 0 ? wanted : Math.max(SIDE_MIN_PX, total - MAIN_MIN_PX);
  const width = Math.min(max, Math.max(SIDE_MIN_PX, wanted));
  const move = (px: number) => setWanted(Math.min(max, Math.max(SIDE_MIN_PX, Math.round(px))));

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => move(width + from - moved.clientX);
    handle.onpointerup = handle.onpointercancel = () => {
      handle.onpointermove = null;
    };
  }

  function onKeyDown(event: KeyboardEvent) {
    const to: Record<string, number> = {
      ArrowLeft: width + STEP_PX,
      ArrowRight: width - STEP_PX,
      Home: max,
      End: SIDE_MIN_PX,
    };
    const px = to[event.key];
    if (px === undefined) return;
    event.preventDefault();
    move(px);
  }

  if (isStacked) {
    return (
      <div className={classes.stack} ref={ref}>
        <div className={classes.main}>{children}</div>
        <section className={classes.below} aria-label={t("split.details")}>
          {side}
        </section>
      </div>
    );
  }
  return (
    <div className={classes.pane} ref={ref}>
      <div className={classes.main}>{children}</div>
      <div
        className={classes.divider}
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t("split.divider")}
        aria-valuenow={Math.round(width)}
        aria-valuemin={SIDE_MIN_PX}
        aria-valuemax={Math.round(max)}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        onDoubleClick={() => move(initialPx)}
      />
      <section className={classes.side} aria-label={t("split.details")} style={{ width }}>
        {side}
      </section>
    </div>
  );
}
