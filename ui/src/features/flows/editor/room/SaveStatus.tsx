/** Whether the draft is saved, and if not, why and what to do. Leaving an unsaved draft asks. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconLoader2 } from "@tabler/icons-react";
import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { Dialog } from "@/design";
import { useErrorWords } from "@/design/errorWords";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { useEditor, useEditorState } from "../draft/useSession";
import { useRoom } from "./ask";
import classes from "./Room.module.css";

interface SaveStatusProps {
  flow: { version: number | null; draft_changed: boolean };
}

export function SaveStatus({ flow }: SaveStatusProps) {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const room = useRoom();
  const save = useEditorState((state) => state.save);
  const words = useErrorWords();
  switch (save.kind) {
    case "saved":
      return (
        <span className={classes.save} role="status">
          <IconCheck size={14} aria-hidden />
          <span className="truncate">
            {t(flow.draft_changed && flow.version !== null ? "save.differs" : "save.saved")}
          </span>
        </span>
      );
    case "saving":
      return (
        <span className={classes.save} role="status">
          <IconLoader2 size={14} aria-hidden />
          <span className="truncate">{t("save.saving")}</span>
        </span>
      );
    case "failed":
      return (
        <span className={classes.save} data-tone="bad" role="alert">
          <IconAlertTriangle size={14} aria-hidden />
          <span className="truncate">{t("save.failed", { why: words(save.error).message })}</span>
          <Button size="compact-xs" onClick={session.retry}>
            {t("save.retry")}
          </Button>
        </span>
      );
    case "conflict":
      return (
        <span className={classes.save} data-tone="bad" role="alert">
          <IconAlertTriangle size={14} aria-hidden />
          <span className="truncate">{t("save.conflict")}</span>
          <Button size="compact-xs" onClick={() => room.setState({ ask: { kind: "conflict" } })}>
            {t("save.choose")}
          </Button>
        </span>
      );
  }
}

/** In the page, by a question of ours; out of it, by the browser's. */
export function LeaveQuestion() {
  const { t } = useTranslation("editor");
  const kind = useEditorState((state) => state.save.kind);
  const isStuck = kind === "failed" || kind === "conflict";
  const blocker = useBlocker({
    // Another selection is another address of the same page. Who has left is not asked again while the next page loads.
    shouldBlockFn: ({ current, next }) =>
      isStuck && current.routeId === "/flows/$name" && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  });
  const isUnsaved = kind !== "saved";
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isUnsaved]);
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog title={t("save.leaveTitle")} onClose={blocker.reset}>
      <p className="muted">{t("save.leave")}</p>
      <div className={form.buttons}>
        <Button data-autofocus onClick={blocker.reset}>
          {t("save.stay")}
        </Button>
        <Button variant="filled" data-danger onClick={blocker.proceed}>
          {t("save.go")}
        </Button>
      </div>
    </Dialog>
  );
}
