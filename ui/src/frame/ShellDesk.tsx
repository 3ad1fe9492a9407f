/** What the window of the app asks of its page: to open a page, to say something, to ask what closing shall do. */
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { announce, notify } from "@/design";
import { useTranslation } from "@/i18n";
import { loadShell, type Shell } from "@/platform";
import { CloseQuestion } from "./CloseQuestion";
import { useShellCommands } from "./shellCommands";

export default function ShellDesk() {
  const { t } = useTranslation("desktop");
  const router = useRouter();
  const [shell, setShell] = useState<Shell>();
  const [isClosing, setClosing] = useState(false);
  useShellCommands(shell);
  useEffect(() => {
    void loadShell().then(async (loaded) => {
      setShell(loaded);
      await loaded.listen((asked) => {
        if (asked.ask === "open") router.history.push(asked.address);
        else if (asked.ask === "close") setClosing(true);
        else {
          notify({ title: t("link.refused"), message: asked.message, tone: "bad", long: true });
          announce(asked.message);
        }
      });
    });
  }, [router, t]);
  if (!isClosing || !shell) return null;
  return <CloseQuestion shell={shell} onClose={() => setClosing(false)} />;
}
