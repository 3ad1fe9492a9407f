/** What an import would do, and what can be chosen where names are taken: for all of them, or for each. */
import { NativeSelect } from "@mantine/core";
import type { Existing, ImportPart, ImportReport } from "@/api";
import { useTranslation } from "@/i18n";
import classes from "./Exchange.module.css";
import { Fates, type FateRow } from "./Fates";

const ALL: Existing[] = ["keep_both", "replace", "skip"];

interface ImportPlanProps {
  report: ImportReport;
  existing: Existing;
  onChoose: (part: ImportPart, chosen: Existing) => void;
  onChooseForAll: (chosen: Existing) => void;
}

export function ImportPlan({ report, existing, onChoose, onChooseForAll }: ImportPlanProps) {
  const { t } = useTranslation("exchange");
  const isTaken = report.parts.some(({ choices }) => choices.length > 0);
  const words = (choices: Existing[]) =>
    choices.map((value) => ({ value, label: t(`dialog.choices.${value}`) }));
  const row = (part: ImportPart, at: number): FateRow => ({
    key: `${part.kind} ${part.name} ${part.set ?? ""} ${at}`,
    fate: part.fate,
    kind: t(`kinds.${part.kind}`),
    name: part.set === null ? part.name : `${part.name} ${t("inSet", { set: part.set })}`,
    why: part.why,
    side: part.choice !== null && part.choices.length > 0 && (
      <NativeSelect
        aria-label={t("dialog.choiceOf", { name: part.name })}
        value={part.choice}
        onChange={({ currentTarget }) => onChoose(part, currentTarget.value as Existing)}
        data={words(part.choices)}
      />
    ),
  });
  return (
    <div className={classes.report}>
      {isTaken && (
        <NativeSelect
          label={t("dialog.existing")}
          value={existing}
          onChange={({ currentTarget }) => onChooseForAll(currentTarget.value as Existing)}
          data={words(ALL)}
        />
      )}
      {report.parts.length === 0 && <p className="muted">{t("dialog.nothing")}</p>}
      <Fates rows={report.parts.map(row)} />
    </div>
  );
}
