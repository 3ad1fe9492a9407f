/** The commands that are offered on every screen: rooms, palette, theme, the receiver's address. */
import {
  IconBellOff,
  IconCopy,
  IconDownload,
  IconMoon,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { setReceiving, useStatus } from "@/api";
import { useAction, useCopy } from "@/design";
import { useTranslation } from "@/i18n";
import { useCommands, type Command } from "./commands";
import { useNewerRelease } from "./newerRelease";
import { openPalette } from "./paletteDoor";
import { ROOMS } from "./rooms";
import { putAway } from "./seenRelease";
import { useTheme } from "./useTheme";

export function useFrameCommands(): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shown, toggle } = useTheme();
  const { copy } = useCopy();
  const receiver = useStatus().data?.receiver;
  const newer = useNewerRelease();
  const pause = useAction({
    run: (isPaused: boolean) => setReceiving(isPaused),
    stale: () => ["status"],
    done: (isPaused) => t(isPaused ? "receiver.pauseDone" : "receiver.resumed"),
  });
  const rooms = ROOMS.map(({ name, to, Icon }, at): Command => ({
    id: `room.${name}`,
    label: t("palette.room", { room: t(`nav.${name}`) }),
    Icon,
    shortcut: `alt+${at + 1}`,
    group: "goTo",
    run: () => void navigate({ to }),
  }));
  const general: Command[] = [
    {
      id: "palette.open",
      label: t("palette.open"),
      Icon: IconSearch,
      shortcut: "mod+K",
      run: openPalette,
    },
    {
      id: "theme.toggle",
      label: t(shown === "dark" ? "theme.toLight" : "theme.toDark"),
      Icon: shown === "dark" ? IconSun : IconMoon,
      run: toggle,
    },
  ];
  if (receiver && receiver.state !== "off") {
    const isPaused = receiver.state === "paused";
    general.push({
      id: "receiver.pause",
      label: t(isPaused ? "receiver.resume" : "receiver.pause"),
      Icon: isPaused ? IconPlayerPlay : IconPlayerPause,
      run: () => pause.mutate(!isPaused),
    });
  }
  if (receiver) {
    const run = () => void copy(receiver.url);
    general.push({ id: "receiver.copy", label: t("receiver.copy"), Icon: IconCopy, run });
  }
  if (newer) {
    // Without the version: keys that somebody chose are for every one.
    general.push({
      id: "app.showRelease",
      label: t("update.show"),
      keywords: newer,
      Icon: IconDownload,
      run: () => void navigate({ to: "/settings", hash: "updates" }),
    });
    general.push({
      id: "app.putAwayRelease",
      label: t("update.putAway"),
      keywords: newer,
      Icon: IconBellOff,
      run: () => putAway(newer),
    });
  }
  useCommands([...rooms, ...general.map((command) => ({ ...command, group: "general" as const }))]);
}
