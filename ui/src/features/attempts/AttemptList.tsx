/** The attempts of a step or a delivery, the newest first, one of them open. */
import type { ReactNode } from "react";
import type { Fault } from "@/api";
import { Prose, RelativeTime } from "@/design";
import { Pill } from "@/design/StatusPill";
import { statusLook } from "@/design/status";
import { useTranslation } from "@/i18n";
import classes from "./AttemptList.module.css";

interface Attempt {
  n: number;
  at: string;
  status: string;
  error?: Fault | null | undefined;
}

interface AttemptListProps {
  attempts: Attempt[];
  selected: number | undefined;
  onSelect: (n: number) => void;
  renderDetail: () => ReactNode;
}

export function AttemptList({ attempts, selected, onSelect, renderDetail }: AttemptListProps) {
  const { t } = useTranslation(["deliveries", "common"]);
  return (
    <ol className={classes.list}>
      {[...attempts].reverse().map((attempt) => {
        const { tone, Icon, name } = statusLook(attempt.status);
        const word = name ? t(`common:status.${name}`) : attempt.status;
        const isOpen = attempt.n === selected;
        return (
          <li key={attempt.n} className={classes.attempt} data-tone={tone}>
            <button
              type="button"
              className={classes.head}
              aria-pressed={isOpen}
              onClick={() => onSelect(attempt.n)}
            >
              <Pill tone={tone} Icon={Icon}>
                {t("deliveries:attempt", { n: attempt.n })}
              </Pill>
              <span className="sr-only">{word}</span>
              <span className="num muted">
                <RelativeTime at={attempt.at} />
              </span>
            </button>
            {attempt.error && (
              <p className={classes.error}>
                <Prose text={attempt.error.message} />
              </p>
            )}
            {isOpen && renderDetail()}
          </li>
        );
      })}
    </ol>
  );
}
