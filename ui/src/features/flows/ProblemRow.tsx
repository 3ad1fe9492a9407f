import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import type { Problem } from "@/api";
import { Prose } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";

interface ProblemRowProps {
  problem: Problem;
  /** Where it is, in the words of the place that shows it; else the pointer. */
  where?: string | undefined;
  onGo?: () => void;
}

/** One problem of a document: what is wrong, what to do, and where. */
export function ProblemRow({ problem, where, onGo }: ProblemRowProps) {
  const { t } = useTranslation("flows");
  const { severity, message, hint, place } = problem;
  const Icon = severity === "error" ? IconAlertCircle : IconAlertTriangle;
  const content = (
    <>
      <Icon size={16} stroke={1.75} aria-hidden />
      <span>
        <span className="sr-only">
          {t(severity === "error" ? "errors" : "warnings", { count: 1 })}:{" "}
        </span>
        <Prose text={message} />
        <span className={`muted ${classes.problemHint}`}>
          {hint && <Prose text={hint} />}{" "}
          <span className="mono faint">{where ?? (place || t("problems.whole"))}</span>
        </span>
      </span>
    </>
  );
  if (!onGo) {
    return (
      <div className={classes.problem} data-severity={severity}>
        {content}
      </div>
    );
  }
  return (
    <button type="button" className={classes.problem} data-severity={severity} onClick={onGo}>
      {content}
    </button>
  );
}
