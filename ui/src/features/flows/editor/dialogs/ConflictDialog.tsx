/** The draft as it is here and as it was saved elsewhere, and the choice between them. */
import { Button } from "@mantine/core";
import { Dialog } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { ChangeList } from "../compare/ChangeList";
import { changesBetween, documentText } from "../compare/changes";
import classes from "../compare/Compare.module.css";
import { Diff } from "../compare/Diff";
import { useEditor, useEditorState } from "../draft/useSession";

export function ConflictDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const save = useEditorState((state) => state.save);
  const mine = useEditorState((state) => state.document);
  if (save.kind !== "conflict") return null;
  const theirs = save.theirs.document;

  const choose = (keep: "mine" | "theirs") => () => {
    session.resolve(keep);
    onClose();
  };

  return (
    <Dialog title={t("conflict.title")} onClose={onClose} width={860}>
      <div className={form.form}>
        <p className="muted">{t("conflict.text")}</p>
        <ChangeList changes={changesBetween(theirs, mine)} />
        <div>
          <div className={classes.heads}>
            <span>{t("conflict.theirs")}</span>
            <span>{t("conflict.mine")}</span>
          </div>
          <Diff
            label={t("compare.diff")}
            before={documentText(theirs)}
            after={documentText(mine)}
          />
        </div>
        <div className={form.buttons}>
          <Button onClick={choose("theirs")}>{t("conflict.takeTheirs")}</Button>
          <Button variant="filled" data-autofocus onClick={choose("mine")}>
            {t("conflict.keepMine")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
