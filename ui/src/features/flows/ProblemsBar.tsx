import { IconAlertCircle, IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { Problem } from "@/api";
import { Prose } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";
import type { Graph } from "./graph";
import { ProblemRow } from "./ProblemRow";

interface ProblemsBarProps {
  problems: Problem[];
  graph: Graph;
  onGo: (problem: Problem) => void;
}

export function ProblemsBar({ problems, graph, onGo }: ProblemsBarProps) {
  const { t } = useTranslation("flows");
  const [open, setOpen] = useState(false);
  const errors = problems.filter(({ severity }) => severity === "error");
  const first = errors[0] ?? problems[0];
  const severity = errors.length > 0 ? "error" : "warning";
  const Icon = severity === "error" ? IconAlertCircle : IconAlertTriangle;
  const counts = [
    errors.length > 0 && t("errors", { count: errors.length }),
    problems.length > errors.length && t("warnings", { count: problems.length - errors.length }),
  ];
  return (
    <>
      {open && (
        <div className={classes.problemsList} role="region" aria-label={t("problems.list")}>
          {problems.map((problem) => (
            <ProblemRow
              key={problem.place + problem.code}
              problem={problem}
              onGo={() => onGo(problem)}
            />
          ))}
        </div>
      )}
      <div className={classes.problemsBar}>
        {first ? (
          <button
            type="button"
            className={classes.barCount}
            data-severity={severity}
            aria-expanded={open}
            title={t("problems.show")}
            onClick={() => setOpen(!open)}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            {counts.filter(Boolean).join(", ")}
          </button>
        ) : (
          <span className={`muted ${classes.barCount}`}>
            <IconCheck size={16} stroke={1.75} aria-hidden />
            {t("problems.none")}
          </span>
        )}
        {first && (
          <span className="muted truncate">
            <Prose text={first.message} />
          </span>
        )}
        <span className="faint">{useGraphCounts(graph)}</span>
      </div>
    </>
  );
}

function useGraphCounts(graph: Graph): string {
  const { t } = useTranslation("flows");
  const count = (kind: string) => graph.nodes.filter((node) => node.kind === kind).length;
  return t("problems.counts", {
    steps: t("problems.steps", { count: count("step") }),
    outputs: t("problems.outputs", { count: count("output") }),
    tasks: t("problems.tasks", { count: count("task") }),
  });
}
