import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import type { GraphNode } from "../graph";
import { NodeIcon } from "../NodeIcon";
import { useNodeWords } from "../nodeLook";
import classes from "./FlowCanvas.module.css";

export type CardData = Record<string, unknown> & { node: GraphNode };

/** The kind's icon, the name, one line of what it does, and a strip for its state. */
export function NodeCard({ data: { node }, selected }: NodeProps<Node<CardData>>) {
  const words = useNodeWords();
  const Alert = node.severity === "error" ? IconAlertCircle : IconAlertTriangle;
  return (
    <div className={classes.card} data-selected={selected || undefined} data-kind={node.kind}>
      <Handle type="target" position={Position.Top} className={classes.handle} />
      <div className={classes.cardBody}>
        <span className={classes.cardIcon}>
          <NodeIcon node={node} />
        </span>
        <div className={classes.cardWords}>
          <div className="strong truncate">{words.name(node)}</div>
          <div className={`muted truncate ${classes.cardLine}`}>{words.line(node)}</div>
        </div>
        {node.severity && (
          <Alert
            size={16}
            className={classes.cardAlert}
            data-severity={node.severity}
            aria-hidden
          />
        )}
      </div>
      <div className={classes.strip} data-severity={node.severity ?? undefined} />
      <Handle type="source" position={Position.Bottom} className={classes.handle} />
    </div>
  );
}
