import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useLive } from "@/api";
import { EmptyState, ErrorPanel, PageHeader } from "@/design";
import { useTranslation } from "@/i18n";
import { isNotLoaded } from "@/platform";

/** A page that broke: the rest of the workbench goes on. */
export function PageError({ error }: { error: unknown }) {
  if (isNotLoaded(error)) return <PageNotLoaded error={error} />;
  return <ErrorPanel error={error} onRetry={() => location.reload()} />;
}

/** It comes by itself when Hookloom is there again. Until then the window stays: loading it anew would lose it. */
function PageNotLoaded({ error }: { error: unknown }) {
  const isBroken = useLive(({ state }) => state === "broken");
  const wasBroken = useRef(isBroken);
  useEffect(() => {
    if (wasBroken.current && !isBroken) void reload();
    wasBroken.current = isBroken;
  }, [isBroken]);
  return <ErrorPanel error={error} onRetry={() => void reload()} />;
}

async function reload() {
  const answer = await fetch(location.origin, { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) location.reload();
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
