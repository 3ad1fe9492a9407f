/** Cause and cure of an exchange that failed, in words; nothing for one that succeeded. */
import { IconBulb } from "@tabler/icons-react";
import { loadTexts, useTranslation } from "@/i18n";
import { explain } from "./explain";
import classes from "./Explanation.module.css";

loadTexts("ways");

export function Explanation(props: Parameters<typeof explain>[0]) {
  const { t } = useTranslation("ways");
  const means = explain(props);
  if (means === null) return null;
  return (
    <section className={classes.box} aria-label={t("fault.title")}>
      <IconBulb size={16} aria-hidden />
      <div>
        <p>{t(`fault.of.${means}.cause`)}</p>
        <p className="strong">{t(`fault.of.${means}.cure`)}</p>
      </div>
    </section>
  );
}
