/** Bytes, drawn only where they are looked at. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { hexRow, hexRowCount } from "./hex";
import classes from "./Payload.module.css";

const ROW_PX = 18;

export function HexView({ label, bytes }: { label: string; bytes: Uint8Array }) {
  const scroller = useRef<HTMLPreElement>(null);
  const virtual = useVirtualizer({
    count: hexRowCount(bytes),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 30,
  });
  return (
    <pre className={classes.hex} ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const { offset, hex, letters } = hexRow(bytes, index);
          return (
            <div key={index} className={classes.hexRow} style={{ top: start }}>
              <span className="faint">{offset}</span>
              {"  "}
              {hex.padEnd(48)}
              {"  "}
              <span className={classes.letters}>{letters}</span>
              {"\n"}
            </div>
          );
        })}
      </div>
    </pre>
  );
}
