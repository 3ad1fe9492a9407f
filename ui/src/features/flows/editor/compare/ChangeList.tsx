/** What differs, part by part, in words. */
import { IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import type { PartChange } from "./changes";
import classes from "./Compare.module.css";

const ICONS = { added: IconPlus, removed: IconMinus, changed: IconPencil };

export function ChangeList({ changes }: { changes: PartChange[] }) {
  const { t } = useTranslation(["editor", "flows"]);
  return (
    <ul className={classes.list} aria-label={t("editor:change.list")}>
      {changes.map(({ kind, id, name, mark, fields }) => {
        const Icon = ICONS[mark];
        return (
          <li key={`${id} ${mark}`} data-mark={mark}>
            <Icon size={16} aria-hidden />
            <span>
              <span className="strong">{kind === "flow" ? t("editor:change.settings") : name}</span>{" "}
              {kind !== "flow" && <span className="muted">{t(`flows:node.${kind}`)}</span>}
            </span>
            <span className={classes.what}>
              {t(`editor:change.${mark}`)}
              {fields.length > 0 && <span className="mono faint"> {fields.join(", ")}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
