import { ApiError } from "@/api";
import { ErrorPanel, Dialog } from "@/design";
import { useTranslation } from "@/i18n";
import { ProblemRow } from "../ProblemRow";

/** Why a draft was not published: every problem, at its place. */
export function PublishRefused({ error, onClose }: { error: Error; onClose: () => void }) {
  const { t } = useTranslation(["flows", "common"]);
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Dialog onClose={onClose} title={t("flows:publish.refused")} width={620}>
      <ErrorPanel error={error} inline />
      {problems.map((problem) => (
        <ProblemRow key={problem.place + problem.code} problem={problem} />
      ))}
    </Dialog>
  );
}
