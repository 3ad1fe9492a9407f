import {
  BaseEdge,
  EdgeLabelRenderer,
  getBezierPath,
  type Edge,
  type EdgeProps,
} from "@xyflow/react";
import { useTranslation } from "@/i18n";
import classes from "./FlowCanvas.module.css";

export type EdgeData = Record<string, unknown> & { labels: string[] };

const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;

/** A line with its exit codes in the middle. */
export function FlowEdge(props: EdgeProps<Edge<EdgeData>>) {
  const { t } = useTranslation("flows");
  const [path, x, y] = getBezierPath(props);
  const words = (props.data?.labels ?? []).map((label) => {
    const event = EVENTS.find((each) => each === label);
    if (event) return t(`event.${event}`);
    return label === "*" ? t("canvas.anyExit") : label;
  });
  return (
    <>
      <BaseEdge id={props.id} path={path} className={classes.line} />
      <circle cx={props.targetX} cy={props.targetY} r={3.5} className={classes.lineEnd} />
      {words.length > 0 && (
        <EdgeLabelRenderer>
          <span
            className={classes.label}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {words.join(", ")}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
