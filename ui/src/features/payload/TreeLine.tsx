/** One value of a JSON tree on one line. */
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import { plainTokens } from "@/design/jsonTokens";
import { useTranslation } from "@/i18n";
import classes from "./Payload.module.css";
import type { TreeRow } from "./treeRows";

/** A longer text is cut on its line; it is copied whole. */
const SHOWN_CHARS_MAX = 400;
const INDENT_PX = 16;

interface TreeLineProps {
  id: string;
  row: TreeRow;
  text: string;
  top: number;
  isActive: boolean;
  /** Its place among the rows. */
  index: number;
  onActivate: (index: number) => void;
  onToggle: (row: TreeRow) => void;
}

export const TreeLine = memo(function TreeLine(props: TreeLineProps) {
  const { id, row, text, top, isActive, index } = props;
  const onActivate = () => props.onActivate(index);
  const onToggle = () => props.onToggle(row);
  const Chevron = row.isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.at}
      aria-setsize={row.of}
      aria-selected={isActive}
      aria-expanded={row.count > 0 ? row.isOpen : undefined}
      className={classes.treeLine}
      style={{ top, paddingLeft: 6 + row.depth * INDENT_PX }}
      onClick={onActivate}
      onContextMenu={onActivate}
      onDoubleClick={onToggle}
    >
      {row.count > 0 ? (
        <span className={classes.twist} onClick={onToggle}>
          <Chevron size={14} stroke={1.75} aria-hidden />
        </span>
      ) : (
        <span className={classes.twist} />
      )}
      {row.key !== null && (
        <>
          <span className={typeof row.key === "number" ? classes.index : classes.key}>
            {row.key}
          </span>
          <span className="faint">: </span>
        </>
      )}
      <Value row={row} text={text} />
    </div>
  );
});

function Value({ row, text }: { row: TreeRow; text: string }) {
  const { t } = useTranslation();
  const { kind, from, to, count } = row;
  if (kind === "object" || kind === "array") {
    const signs = kind === "object" ? "{}" : "[]";
    if (count === 0) return <span className="faint">{signs}</span>;
    const words = t(kind === "object" ? "payload.fields" : "payload.items", { count });
    return (
      <span className="faint">
        {signs} {words}
      </span>
    );
  }
  const piece = text.slice(from, Math.min(to, from + SHOWN_CHARS_MAX));
  return (
    <span data-kind={kind} className={classes.value}>
      {plainTokens(piece).map((token, at) => (
        <span key={at} data-kind={token.kind === "mask" ? "mask" : undefined}>
          {token.text}
        </span>
      ))}
      {to - from > SHOWN_CHARS_MAX && <span className="faint">…</span>}
    </span>
  );
}
