/** What the window of the app asks of its page: to open a page, to say something, to ask what closing shall
 * do, to run what was chosen in the menu bar. */
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { announce, notify } from "@/design";
import { useTranslation } from "@/i18n";
import { loadShell, type Shell } from "@/platform";
import { CloseQuestion } from "./CloseQuestion";
import { edit, useMenuOffer, useMenuRun } from "./menuBar";
import { useShellCommands } from "./shellCommands";

export default function ShellDesk() {
  const { t } = useTranslation("desktop");
  const router = useRouter();
  const [shell, setShell] = useState<Shell>();
  const [isClosing, setClosing] = useState(false);
  useShellCommands(shell);
  useMenuOffer(shell);
  const run = useMenuRun();
  useEffect(() => {
    void loadShell().then(async (loaded) => {
      setShell(loaded);
      await loaded.listen((asked) => {
        if (asked.ask === "open") router.history.push(asked.address);
        else if (asked.ask === "close") setClosing(true);
        else if (asked.ask === "run") run(asked.command, asked.page);
        else if (asked.ask === "edit") edit(asked.what);
        else {
          notify({ title: t("link.refused"), message: asked.message, tone: "bad", long: true });
          announce(asked.message);
        }
      });
    });
  }, [router, run, t]);
  if (!isClosing || !shell) return null;
  return <CloseQuestion shell={shell} onClose={() => setClosing(false)} />;
}
