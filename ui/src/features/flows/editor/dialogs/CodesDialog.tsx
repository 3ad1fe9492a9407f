/** Says anew on which exit codes an edge is taken, or takes it out. */
import { Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Dialog } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { afterOf, disconnect, find, setCodes } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";
import type { Ends } from "../room/ask";
import { CodesField } from "./CodesField";

export function CodesDialog({ edge, onClose }: { edge: Ends; onClose: () => void }) {
  const { t } = useTranslation(["editor", "common"]);
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const from = find(document, edge.from);
  const to = find(document, edge.to);
  const known = to ? afterOf(to).find(({ step }) => step === from?.name)?.on : undefined;
  const [codes, setOwn] = useState(known ?? []);
  if (!from || !to) return null;
  const names = { names: `${from.name} → ${to.name}` };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (codes.length === 0) return;
    session.run({ label: "codes", names }, (d) => setCodes(d, { ...edge, on: codes }));
    onClose();
  }

  function takeOut() {
    session.run({ label: "disconnect", names }, (d) => disconnect(d, edge));
    onClose();
  }

  return (
    <Dialog title={t("editor:codes.title", { from: from.name, to: to.name })} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <CodesField step={from.fields} value={codes} onChange={setOwn} />
        <div className={form.buttons}>
          <Button data-danger onClick={takeOut}>
            {t("editor:codes.disconnect")}
          </Button>
          <Button type="submit" variant="filled" data-autofocus disabled={codes.length === 0}>
            {t("editor:codes.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
