import type { Problem } from "@/api";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { ProblemRow } from "../ProblemRow";

interface ImportProblemsProps {
  problems: Problem[];
  checking: boolean;
  checked: boolean;
  lineOf: (place: string) => number | undefined;
  onGo: (place: string) => void;
}

export function ImportProblems(props: ImportProblemsProps) {
  const { problems, checking, checked, lineOf, onGo } = props;
  const { t } = useTranslation("flows");
  const summary = checking
    ? t("import.checking")
    : problems.length > 0
      ? t("import.problems", { count: problems.length })
      : checked
        ? t("import.clean")
        : "";
  return (
    <div>
      <p className="muted" role="status">
        {summary}
      </p>
      {problems.length > 0 && (
        <div className={classes.problems}>
          {problems.map((problem) => {
            const line = lineOf(problem.place);
            const words = line === undefined ? problem.place : t("problems.line", { line });
            return (
              <ProblemRow
                key={problem.place + problem.code}
                problem={problem}
                where={`${words} ${problem.place}`}
                onGo={() => onGo(problem.place)}
              />
            );
          })}
        </div>
      )}
    </div>
  );
}
