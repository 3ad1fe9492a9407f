/** Cause and cure of an exchange that failed, in words; nothing for one that succeeded. */
import { IconBulb } from "@tabler/icons-react";
import { Notice } from "@/design";
import { loadTexts, useTranslation } from "@/i18n";
import { explain } from "./explain";

loadTexts("ways");

export function Explanation(props: Parameters<typeof explain>[0]) {
  const { t } = useTranslation("ways");
  const means = explain(props);
  if (means === null) return null;
  return (
    <section aria-label={t("fault.title")}>
      <Notice Icon={IconBulb} title={t(`fault.of.${means}.cause`)}>
        {t(`fault.of.${means}.cure`)}
      </Notice>
    </section>
  );
}
