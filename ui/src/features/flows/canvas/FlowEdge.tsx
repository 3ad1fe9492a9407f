/** A line with its exit codes in the middle; where it can be edited, they are a button, with one to insert a step. */
import { IconPlus } from "@tabler/icons-react";
import { BaseEdge, getBezierPath, type EdgeProps } from "@xyflow/react";
import { memo, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { useCanvas, useLabelRoom, type CanvasEdit } from "./canvasEdit";
import classes from "./FlowCanvas.module.css";
import type { Line } from "./useCards";

export const FlowEdge = memo(function FlowEdge(props: EdgeProps<Line>) {
  const { data, targetX, targetY } = props;
  const { edit, isFar } = useCanvas();
  const [isOver, setOver] = useState(false);
  const [path, x, y] = getBezierPath(props);
  const codes = data?.codes ?? "";
  const over = { onPointerEnter: () => setOver(true), onPointerLeave: () => setOver(false) };
  const look = { "data-mark": data?.look?.mark, "data-taken": data?.look?.isTaken || undefined };
  const isShown = !isFar && (codes !== "" || (edit !== null && isOver));
  return (
    <>
      <g className={classes.edge} {...look} {...(edit ? over : {})}>
        <BaseEdge
          id={props.id}
          path={path}
          className={classes.line}
          {...(isFar ? { interactionWidth: 0 } : {})}
        />
        <circle cx={targetX} cy={targetY} r={3.5} className={classes.lineEnd} />
      </g>
      {isShown && data && (
        <Above>
          <span
            className={classes.labels}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            {...(edit ? over : {})}
          >
            <Labels codes={codes} edge={data.edge} edit={edit} isOver={isOver} />
          </span>
        </Above>
      )}
    </>
  );
});

function Above({ children }: { children: ReactNode }) {
  const room = useLabelRoom();
  return room && createPortal(children, room);
}

interface LabelsProps {
  codes: string;
  edge: { from: string; to: string };
  edit: CanvasEdit | null;
  isOver: boolean;
}

function Labels({ codes, edge: { from, to }, edit, isOver }: LabelsProps) {
  const { t } = useCanvas();
  const isBetweenSteps = from.startsWith("step:") && to.startsWith("step:");
  const isInsertable = /^(step|endpoint|schedule):/.test(from) && /^(step|output):/.test(to);
  const names = { from: nameOf(from), to: nameOf(to) };
  return (
    <>
      {codes !== "" &&
        (edit && isBetweenSteps ? (
          <button
            type="button"
            tabIndex={-1}
            className={`nodrag nopan ${classes.label}`}
            aria-label={t("codes.edit", { ...names, codes })}
            onClick={() => edit.onCodes({ from, to })}
            onContextMenu={(event) => {
              event.preventDefault();
              edit.onMenu({ x: event.clientX, y: event.clientY, edge: { from, to } });
            }}
          >
            {codes}
          </button>
        ) : (
          <span className={classes.label}>{codes}</span>
        ))}
      {edit && isInsertable && isOver && (
        <button
          type="button"
          tabIndex={-1}
          className={`nodrag nopan ${classes.insert}`}
          aria-label={t("add.onEdge", names)}
          onClick={() => edit.onInsert({ from, to })}
        >
          <IconPlus size={12} aria-hidden />
        </button>
      )}
    </>
  );
}

const nameOf = (id: string) => id.slice(id.indexOf(":") + 1);
