/** What is going on. */
import { PageHeader } from "@/design";
import { useTranslation } from "@/i18n";

export function HomePage() {
  const { t } = useTranslation();
  return <PageHeader title={t("nav.home")} />;
}
