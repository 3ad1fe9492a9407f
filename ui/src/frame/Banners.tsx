/** States of the whole workspace that stand above every screen until they are over. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useLive, useStatus, type ListenerName } from "@/api";
import { Banner, Prose } from "@/design";
import { useTranslation } from "@/i18n";
import { inDesktop } from "@/platform";

const PausedBanner = lazy(() => import("./PausedBanner"));
const MoveListenerModal = lazy(() => import("@/features/settings/MoveListenerModal"));

export function Banners() {
  const { t } = useTranslation();
  const [moving, setMoving] = useState<ListenerName>();
  const live = useLive((state) => state.state);
  const { data: status } = useStatus();
  const receiver = status?.receiver;
  const control = status?.control;
  const vault = status?.vault;
  return (
    <>
      {live === "broken" && (
        <Banner tone="wait" title={t("live.broken")} text={t("live.brokenText")} />
      )}
      {receiver?.state === "paused" && (
        <Suspense>
          <PausedBanner />
        </Suspense>
      )}
      {receiver?.state === "off" && (
        <Banner
          tone="bad"
          title={<Prose text={receiver.problem?.message ?? t("receiver.offTitle")} />}
          text={<Prose text={receiver.problem?.hint ?? t("receiver.offText")} />}
          action={
            <Button onClick={() => setMoving("receiver")}>{t("receiver.chooseAnother")}</Button>
          }
        />
      )}
      {inDesktop && control && control.state !== "listening" && (
        <Banner
          tone="wait"
          title={<Prose text={control.problem?.message ?? t("control.offTitle")} />}
          text={t("control.offText")}
          action={
            <Button onClick={() => setMoving("control")}>{t("receiver.chooseAnother")}</Button>
          }
        />
      )}
      {moving && status && (
        <Suspense>
          <MoveListenerModal
            name={moving}
            listener={status[moving]}
            onClose={() => setMoving(undefined)}
          />
        </Suspense>
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
