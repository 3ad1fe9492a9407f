/**
 * JSON as a tree, drawn only where it is looked at. One row is the active one: arrows move it, and open and close;
 * its value, path and expression are copied below, or from its menu.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "@/i18n";
import { openMenu } from "@/design/menu";
import classes from "./Payload.module.css";
import { TreeFoot, useTreeCopies } from "./TreeFoot";
import { TreeLine } from "./TreeLine";
import { openedAtFirst, openedWhole, pathOf, rowsOf, scanned, type TreeRow } from "./treeRows";

const ROW_PX = 22;

interface JsonTreeProps {
  label: string;
  /** Sound JSON. */
  text: string;
  /** What an expression for the whole value says: `requestBody`. Without it none is offered. */
  root?: string | undefined;
  /** Fills its parent instead of growing with its rows. */
  fill?: boolean;
}

export function JsonTree({ label, text, root, fill }: JsonTreeProps) {
  const { t } = useTranslation();
  const source = useMemo(() => scanned(text), [text]);
  const [open, setOpen] = useState(() => openedAtFirst(source));
  const [active, setActive] = useState(0);
  const rows = useMemo(() => rowsOf(source, open), [source, open]);
  const current = Math.min(active, rows.length - 1);
  const row = rows[current] as TreeRow;
  const treeId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const path = useMemo(() => pathOf(rows, current), [rows, current]);
  const isAllOpen = useMemo(() => rows.every(({ count, isOpen }) => count === 0 || isOpen), [rows]);
  const copies = useTreeCopies(source, row, path, root);

  // The same function each time, so that a scroll draws only the lines that it brings.
  const toggle = useCallback(({ id }: TreeRow) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);

  function move(to: number) {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
  }

  function onKeyDown(event: KeyboardEvent) {
    const act = keyActions(rows, current, move, toggle)[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  return (
    <div className={classes.tree} data-fill={fill || undefined}>
      <div
        ref={scroller}
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={`${treeId}${row.id}`}
        className={classes.treeRows}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          const at = document.getElementById(`${treeId}${row.id}`) ?? undefined;
          openMenu(event, t("payload.menu"), copies, isAtPointer(event) ? undefined : at);
        }}
      >
        <div role="none" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const each = rows[index];
            return (
              each && (
                <TreeLine
                  key={each.id}
                  id={`${treeId}${each.id}`}
                  row={each}
                  text={text}
                  top={start}
                  isActive={index === current}
                  index={index}
                  onActivate={setActive}
                  onToggle={toggle}
                />
              )
            );
          })}
        </div>
      </div>
      <TreeFoot
        path={path}
        copies={copies}
        isAllOpen={isAllOpen}
        onOpenAll={() => setOpen(openedWhole(source))}
        onCloseAll={() => {
          setActive(0);
          setOpen(new Set([source.whole.from]));
        }}
      />
    </div>
  );
}

const isAtPointer = (event: { clientX: number; clientY: number }) =>
  event.clientX !== 0 || event.clientY !== 0;

/** The keys of a tree, as people know them from others. */
function keyActions(
  rows: TreeRow[],
  current: number,
  move: (to: number) => void,
  toggle: (row: TreeRow) => void,
): Record<string, () => void> {
  const row = rows[current] as TreeRow;
  const parent = () => {
    for (let at = current - 1; at >= 0; at--)
      if ((rows[at] as TreeRow).depth < row.depth) return at;
    return current;
  };
  return {
    ArrowDown: () => move(current + 1),
    ArrowUp: () => move(current - 1),
    PageDown: () => move(current + 10),
    PageUp: () => move(current - 10),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    ArrowRight: () => (row.count > 0 && !row.isOpen ? toggle(row) : move(current + 1)),
    ArrowLeft: () => (row.isOpen ? toggle(row) : move(parent())),
    Enter: () => toggle(row),
    " ": () => toggle(row),
  };
}
