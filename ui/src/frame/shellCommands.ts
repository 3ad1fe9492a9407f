/** What the app's window can do by key and in the palette; a browser has these itself. */
import { IconPower, IconSettings, IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import type { Shell } from "@/platform";
import { useCommands, type Command } from "./commands";

export function useShellCommands(shell: Shell | undefined): void {
  const { t } = useTranslation("desktop");
  const navigate = useNavigate();
  const commands: Command[] = [
    {
      id: "app.settings",
      label: t("command.settings"),
      Icon: IconSettings,
      shortcut: "mod+,",
      group: "general",
      run: () => void navigate({ to: "/settings" }),
    },
  ];
  if (shell) {
    commands.push({
      id: "app.close",
      label: t("command.close"),
      Icon: IconX,
      shortcut: "mod+W",
      group: "general",
      run: () => void shell.askToClose(),
    });
    commands.push({
      id: "app.quit",
      label: t("command.quit"),
      Icon: IconPower,
      shortcut: "mod+Q",
      group: "general",
      run: () => void shell.quit(),
    });
  }
  useCommands(commands);
}
