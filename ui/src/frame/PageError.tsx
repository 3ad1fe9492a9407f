import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { EmptyState, ErrorPanel, PageHeader } from "@/design";
import { useTranslation } from "@/i18n";

/** A page that broke: the rest of the workbench goes on. */
export function PageError({ error }: { error: unknown }) {
  return <ErrorPanel error={error} onRetry={() => location.reload()} />;
}

export function PageMissing() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const goHome = () => void navigate({ to: "/" });
  return (
    <>
      <PageHeader title={t("error.pageMissing")} />
      <EmptyState
        Icon={IconMapQuestion}
        title={t("error.pageMissingTitle")}
        text={t("error.pageMissingText")}
        action={<Button onClick={goHome}>{t("palette.room", { room: t("nav.home") })}</Button>}
      />
    </>
  );
}
