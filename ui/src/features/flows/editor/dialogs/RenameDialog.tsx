/** Gives a part another name; what refers to it follows. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Dialog } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { find, nameMistake, rename } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";

export function RenameDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(["editor", "common"]);
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const part = find(document, id);
  const [name, setName] = useState(part?.name ?? "");
  if (!part) return null;
  const mistake = nameMistake(document, part.kind, name, part.name);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (mistake !== null || !part) return;
    const names = { names: part.name };
    session.run({ label: "rename", names }, (d) => rename(d, { id, name }));
    onClose();
  }

  return (
    <Dialog title={t("editor:rename.title", { name: part.name })} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t("editor:rename.label")}
          description={t("editor:rename.hint")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          error={mistake ? t(`editor:name.${mistake}`) : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <div className={form.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" disabled={mistake !== null}>
            {t("editor:rename.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
