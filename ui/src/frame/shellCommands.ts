/** What the app's window can do by key and in the palette; a browser has these itself. */
import { IconLayoutNavbar, IconPower, IconSettings, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import type { Shell } from "@/platform";
import { useCommands, type Command } from "./commands";
import { isMac } from "./keys";

/** What a person chose for the window, in the cache of what was asked. */
export const WINDOW_SETTINGS = ["window_settings"];

export function useShellCommands(shell: Shell | undefined): void {
  const { t } = useTranslation("desktop");
  const navigate = useNavigate();
  const client = useQueryClient();
  async function toggleMenuBar(of: Shell) {
    const { menu_bar } = await of.settings();
    client.setQueryData(WINDOW_SETTINGS, await of.change({ menu_bar: !menu_bar }));
  }
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
    if (!isMac) {
      commands.push({
        id: "app.menuBar",
        label: t("command.menuBar"),
        Icon: IconLayoutNavbar,
        group: "general",
        run: () => void toggleMenuBar(shell),
      });
    }
  }
  useCommands(commands);
}
