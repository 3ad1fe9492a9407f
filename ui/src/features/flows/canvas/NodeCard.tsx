/** The kind's icon, the name, one line of what it does, and a strip for its state; from far away it is drawn with all others. */
import { IconAlertCircle, IconAlertTriangle, IconPinFilled, IconPlus } from "@tabler/icons-react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { statusLook } from "@/design/status";
import type { GraphNode } from "../graph";
import { NodeIcon } from "../NodeIcon";
import { useCanvas } from "./canvasEdit";
import classes from "./FlowCanvas.module.css";
import type { Card, CardData } from "./useCards";

export const NodeCard = memo(function NodeCard({
  data: { node, name, line, look },
  selected,
}: NodeProps<Card>) {
  const { edit, isFar, t } = useCanvas();
  const handle = isFar ? classes.farHandle : classes.handle;
  const leads = node.kind === "step" || node.kind === "output" || node.kind === "end";
  return (
    <>
      <Handle
        type="target"
        position={Position.Top}
        className={handle}
        isConnectable={edit !== null}
      />
      {!isFar && <Face node={node} name={name} line={line} look={look} isSelected={selected} />}
      <Handle
        type="source"
        position={Position.Bottom}
        className={handle}
        data-leads={(edit && leads) || undefined}
        isConnectable={edit !== null && leads}
        title={edit && leads ? t("canvas.connectFrom", { name }) : undefined}
      />
      {edit && !isFar && node.kind !== "task" && node.kind !== "end" && (
        <button
          type="button"
          tabIndex={-1}
          className={`nodrag ${classes.plus}`}
          aria-label={t("add.afterNode", { name })}
          data-tip={t("add.afterNode", { name })}
          onClick={(event) => {
            event.stopPropagation();
            edit.onAddAfter(node.id);
          }}
        >
          <IconPlus size={14} aria-hidden />
        </button>
      )}
    </>
  );
});

interface FaceProps extends CardData {
  isSelected: boolean;
}

function Face({ node, name, line, look, isSelected }: FaceProps) {
  const { t } = useCanvas();
  const state = look?.status ? statusLook(look.status) : null;
  return (
    <div
      className={classes.card}
      data-selected={isSelected || undefined}
      data-kind={node.kind}
      data-mark={look?.mark}
      data-found={look?.isFound || undefined}
    >
      <Body node={node} name={name} line={line} state={state} />
      <div
        className={classes.strip}
        data-severity={state ? undefined : (node.severity ?? undefined)}
        data-tone={state?.tone}
      />
      {look?.isPinned && (
        <span className={classes.pinned} title={t("canvas.pinned")}>
          <IconPinFilled size={12} aria-hidden />
        </span>
      )}
      {look?.mark && <span className={classes.mark}>{t(`change.${look.mark}`)}</span>}
    </div>
  );
}

interface BodyProps {
  node: GraphNode;
  name: string;
  line: string;
  state: ReturnType<typeof statusLook> | null;
}

function Body({ node, name, line, state }: BodyProps) {
  return (
    <div className={classes.cardBody}>
      <span className={classes.cardIcon}>
        <NodeIcon node={node} />
      </span>
      <div className={classes.cardWords}>
        <div className="strong truncate">{name}</div>
        <div className={`muted truncate ${classes.cardLine}`}>{line}</div>
      </div>
      {state ? (
        <state.Icon size={16} className={classes.cardState} data-tone={state.tone} aria-hidden />
      ) : (
        <Severity severity={node.severity} />
      )}
    </div>
  );
}

function Severity({ severity }: { severity: "error" | "warning" | null }) {
  if (!severity) return null;
  const Alert = severity === "error" ? IconAlertCircle : IconAlertTriangle;
  return <Alert size={16} className={classes.cardAlert} data-severity={severity} aria-hidden />;
}
