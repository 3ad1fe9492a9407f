/** Whether a list is live, and the button that holds it still. */
import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { HELD_COUNT_MAX, useLive } from "@/api";
import { Pill } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";

export function LiveControl({ list, onResume }: { list: string; onResume: () => void }) {
  const { t } = useTranslation();
  const { paused, state, pause, release } = useLive();
  const held = paused[list];
  const isPaused = held !== undefined;

  function toggle() {
    if (!isPaused) return pause(list);
    release(list);
    onResume();
  }

  useCommands([
    {
      id: "live.toggle",
      label: t(isPaused ? "live.resumeCommand" : "live.pauseCommand"),
      Icon: isPaused ? IconPlayerPlay : IconPlayerPause,
      run: toggle,
    },
  ]);
  return (
    <>
      {isPaused ? (
        <Pill tone="wait" Icon={IconPlayerPause}>
          {t("live.paused")}
          {held.size > 0 && ` · ${heldWords(held.size)}`}
        </Pill>
      ) : (
        state !== "broken" && <Pill tone="run">{t("live.on")}</Pill>
      )}
      <Button
        leftSection={
          isPaused ? (
            <IconPlayerPlay size={16} aria-hidden />
          ) : (
            <IconPlayerPause size={16} aria-hidden />
          )
        }
        onClick={toggle}
      >
        {t(isPaused ? "live.resume" : "live.pause")}
      </Button>
    </>
  );

  function heldWords(count: number): string {
    return count > HELD_COUNT_MAX
      ? t("live.heldMore", { max: HELD_COUNT_MAX })
      : t("live.held", { count });
  }
}
