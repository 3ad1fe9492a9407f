/** What is kept, changed and dropped, each with its reason: three lists, the third the most important. */
import { IconArrowsExchange, IconCheck, IconTrash, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Fate } from "@/api";
import { Prose } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Exchange.module.css";

export interface FateRow {
  key: string;
  fate: Fate;
  kind?: string;
  name: string;
  why: string;
  /** Beside the words, such as a choice. */
  side?: ReactNode;
}

const LOOK: Record<Fate, { Icon: Icon; tone: string }> = {
  dropped: { Icon: IconTrash, tone: "bad" },
  changed: { Icon: IconArrowsExchange, tone: "wait" },
  kept: { Icon: IconCheck, tone: "ok" },
};
const ORDER: Fate[] = ["dropped", "changed", "kept"];

export function Fates({ rows }: { rows: FateRow[] }) {
  const { t } = useTranslation("exchange");
  return ORDER.map((fate) => {
    const those = rows.filter((row) => row.fate === fate);
    const { Icon, tone } = LOOK[fate];
    if (those.length === 0) return null;
    const title = t(`fates.${fate}`, { count: those.length });
    return (
      <section key={fate} className={classes.fate}>
        <h3 data-tone={tone}>
          <Icon size={16} stroke={1.75} aria-hidden />
          {title}
        </h3>
        <ul aria-label={title}>
          {those.map(({ key, kind, name, why, side }) => (
            <li key={key}>
              <div className={classes.words}>
                <p>
                  {kind && <span className="muted">{kind} </span>}
                  <span className="strong">
                    <Prose text={name} />
                  </span>
                </p>
                {why && (
                  <p className="muted">
                    <Prose text={why} />
                  </p>
                )}
              </div>
              {side}
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
