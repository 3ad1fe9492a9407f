/** Saves something as a file. In the app's window the place is said, which a browser does by itself. */
import { useTranslation } from "@/i18n";
import { platform } from "@/platform";
import { notify } from "./notices";
import { useAction } from "./useAction";

export function useDownload(): (name: string, content: Blob) => void {
  const { t } = useTranslation("common");
  const { mutate } = useAction<{ name: string; content: Blob }, string | null>({
    run: ({ name, content }) => platform.save(name, content),
    onDone: (path) => {
      if (path !== null) notify({ message: t("saved", { path }), tone: "good" });
    },
  });
  return (name, content) => mutate({ name, content });
}
