/** States of the whole workspace that stand above every screen until they are over. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useLive, useStatus } from "@/api";
import { Banner, Prose } from "@/design";
import { useTranslation } from "@/i18n";

export function Banners() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const live = useLive((state) => state.state);
  const { data: status } = useStatus();
  const receiver = status?.receiver;
  const vault = status?.vault;
  return (
    <>
      {live === "broken" && (
        <Banner tone="wait" title={t("live.broken")} text={t("live.brokenText")} />
      )}
      {receiver && receiver.state !== "listening" && (
        <Banner
          tone="bad"
          title={<Prose text={receiver.problem?.message ?? t("receiver.offTitle")} />}
          text={<Prose text={receiver.problem?.hint ?? t("receiver.offText")} />}
          action={
            <Button onClick={() => void navigate({ to: "/settings" })}>
              {t("receiver.openSettings")}
            </Button>
          }
        />
      )}
      {vault && vault.state !== "ready" && (
        <Banner
          tone={vault.state === "absent" ? "bad" : "wait"}
          title={t(`vault.${vault.state}Title`)}
          text={<Prose text={vault.hint || vault.message || t(`vault.${vault.state}Text`)} />}
        />
      )}
    </>
  );
}
