/** A list and its detail side by side; the divider is moved by pointer or arrow keys and remembered. */
import { useElementSize, useLocalStorage } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { Divider } from "./Divider";
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
      <Divider
        label={t("split.divider")}
        width={width}
        min={SIDE_MIN_PX}
        max={max}
        of="right"
        onMove={setWanted}
        onReset={() => setWanted(Math.min(max, initialPx))}
      />
      <section className={classes.side} aria-label={t("split.details")} style={{ width }}>
        {side}
      </section>
    </div>
  );
}
