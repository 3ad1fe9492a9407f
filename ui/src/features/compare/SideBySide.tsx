/** Both written out beside each other, what belongs together at one height; drawn only where it is looked at. */
import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { alignedRows, withGaps, type ShownRow } from "./aligned";
import classes from "./Compare.module.css";
import type { Diff } from "./diff";

const ROW_PX = 20;

interface SideBySideProps {
  before: unknown;
  change: Diff | null;
  names: [ReactNode, ReactNode];
}

export function SideBySide({ before, change, names }: SideBySideProps) {
  const { t } = useTranslation("compare");
  const [isWhole, setWhole] = useState(false);
  const all = useMemo(() => alignedRows(before, change), [before, change]);
  const rows = useMemo(() => (isWhole ? all : withGaps(all)), [all, isWhole]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 30,
  });
  return (
    <>
      <div className={classes.sideHead}>
        <span>{names[0]}</span>
        <span>{names[1]}</span>
        <Checkbox
          size="xs"
          label={t("showSame")}
          checked={isWhole}
          onChange={(event) => setWhole(event.currentTarget.checked)}
        />
      </div>
      <div
        ref={scroller}
        className={classes.sides}
        role="region"
        aria-label={t("sideBySide")}
        tabIndex={0}
      >
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <Row key={index} row={rows[index]} top={start} />
          ))}
        </div>
      </div>
    </>
  );
}

function Row({ row, top }: { row: ShownRow | undefined; top: number }) {
  const { t } = useTranslation("compare");
  if (!row) return null;
  if (row.tone === "gap") {
    return (
      <div className={classes.gap} style={{ top }}>
        {t("gap", { count: row.count })}
      </div>
    );
  }
  const signs = SIGNS[row.tone];
  return (
    <div className={classes.sideRow} data-tone={row.tone} style={{ top }}>
      <span data-empty={row.left === null || undefined}>
        <span className={classes.sign}>{row.left === null ? "" : signs[0]}</span>
        {row.left}
      </span>
      <span data-empty={row.right === null || undefined}>
        <span className={classes.sign}>{row.right === null ? "" : signs[1]}</span>
        {row.right}
      </span>
    </div>
  );
}

/** Never a colour alone. */
const SIGNS = {
  same: ["", ""],
  added: ["", "+"],
  removed: ["−", ""],
  changed: ["−", "+"],
} as const;
