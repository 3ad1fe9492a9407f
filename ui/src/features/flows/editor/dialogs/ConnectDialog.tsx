/** Connects a step or an output with what is to follow it, by name and exit codes. */
import { Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Dialog } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { partIcon, stepIcon } from "../../nodeLook";
import { connect, find, nextCodes, partsIn, refusal } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";
import { Chooser } from "../room/Chooser";
import { CodesField } from "./CodesField";

interface ConnectDialogProps {
  from: string;
  onClose: () => void;
}

export function ConnectDialog({ from, onClose }: ConnectDialogProps) {
  const { t } = useTranslation(["editor", "flows", "common"]);
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const source = find(document, from);
  const [to, setTo] = useState<string>();
  const [codes, setCodes] = useState(() =>
    source?.kind === "step" ? nextCodes(document, source) : [],
  );
  if (!source) return null;
  const target = to === undefined ? undefined : find(document, to);
  const hasCodes = source.kind === "step" && target?.kind === "step";

  function choose(id: string) {
    if (source?.kind === "step" && find(document, id)?.kind === "step") setTo(id);
    else finish(id);
  }

  function finish(id: string) {
    session.run({ label: "connect", names: { names: source?.name ?? "" } }, (d) =>
      connect(d, { from, to: id, on: codes }),
    );
    onClose();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (to !== undefined && codes.length > 0) finish(to);
  }

  const choices = partsIn(document)
    .filter(({ id }) => refusal(document, from, id) === null)
    .map(({ id, kind, name, fields }) => ({
      id,
      Icon: kind === "step" ? stepIcon(text(fields.kind)) : partIcon(kind),
      name,
      keywords: text(fields.kind),
      text: kind === "step" ? undefined : t(`flows:kind.${kind}`),
    }));
  return (
    <Dialog title={t("editor:connect.title", { name: source.name })} onClose={onClose}>
      {hasCodes && target ? (
        <form className={form.form} onSubmit={submit}>
          <p className="muted">{t("editor:connect.to", { name: target.name })}</p>
          <CodesField step={source.fields} value={codes} onChange={setCodes} />
          <div className={form.buttons}>
            <Button onClick={() => setTo(undefined)}>{t("editor:connect.other")}</Button>
            <Button type="submit" variant="filled" autoFocus disabled={codes.length === 0}>
              {t("editor:connect.submit")}
            </Button>
          </div>
        </form>
      ) : choices.length > 0 ? (
        <Chooser label={t("editor:connect.label")} choices={choices} onChoose={choose} />
      ) : (
        <p className="muted">{t("editor:connect.nothing")}</p>
      )}
    </Dialog>
  );
}
