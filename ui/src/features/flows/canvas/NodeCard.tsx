/** The kind's icon, the name, one line of what it does, and a strip for its state; from far away only the last. */
import { IconAlertCircle, IconAlertTriangle, IconPinFilled, IconPlus } from "@tabler/icons-react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { statusLook } from "@/design/status";
import type { GraphNode } from "../graph";
import { NodeIcon } from "../NodeIcon";
import { useCanvas } from "./canvasEdit";
import classes from "./FlowCanvas.module.css";
import type { Card } from "./useCards";

export const NodeCard = memo(function NodeCard({
  data: { node, name, line, look },
  selected,
}: NodeProps<Card>) {
  const { edit, isFar, t } = useCanvas();
  const state = look?.status ? statusLook(look.status) : null;
  const leads = node.kind === "step" || node.kind === "output" || node.kind === "end";
  return (
    <>
      <Handle
        type="target"
        position={Position.Top}
        className={classes.handle}
        isConnectable={edit !== null}
      />
      <div
        className={classes.card}
        data-selected={selected || undefined}
        data-kind={node.kind}
        data-far={isFar || undefined}
        data-mark={look?.mark}
        data-found={look?.isFound || undefined}
      >
        {!isFar && <Body node={node} name={name} line={line} state={state} />}
        <div
          className={classes.strip}
          data-severity={state ? undefined : (node.severity ?? undefined)}
          data-tone={state?.tone}
        />
        {look?.isPinned && (
          <span className={classes.pinned} title={t("canvas.pinned")}>
            <IconPinFilled size={12} aria-hidden />
            <span className="sr-only">{t("canvas.pinned")}</span>
          </span>
        )}
        {look?.mark && !isFar && <span className={classes.mark}>{t(`change.${look.mark}`)}</span>}
      </div>
      <Handle
        type="source"
        position={Position.Bottom}
        className={classes.handle}
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
