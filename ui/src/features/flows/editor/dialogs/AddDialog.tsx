/** Chooses what is added: a step after another, between two, or another part of the flow. */
import { Dialog } from "@/design";
import { useTranslation } from "@/i18n";
import { partIcon, stepIcon } from "../../nodeLook";
import { addPart, addStep, find, insertStep, STEP_KINDS } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";
import { Chooser, type Choice } from "../room/Chooser";
import { useRoom, type Ends } from "../room/ask";

const OTHERS = ["endpoint", "schedule", "output", "task"] as const;

interface AddDialogProps {
  after?: string | undefined;
  between?: Ends | undefined;
  onClose: () => void;
}

export function AddDialog({ after, between, onClose }: AddDialogProps) {
  const { t } = useTranslation(["editor", "flows"]);
  const session = useEditor();
  const room = useRoom();
  const document = useEditorState((state) => state.document);
  const name = (id: string | undefined) => (id && find(document, id)?.name) ?? "";
  const title = between
    ? t("editor:add.between", { from: name(between.from), to: name(between.to) })
    : find(document, after ?? "")?.kind === "step"
      ? t("editor:add.after", { name: name(after) })
      : t("editor:add.title");

  function choose(id: string) {
    const kind = STEP_KINDS.find((each) => each === id);
    const other = OTHERS.find((each) => each === id);
    if (kind && between) {
      session.run({ label: "insert" }, (d) => insertStep(d, { ...between, kind }));
    } else if (kind) {
      session.run({ label: "add" }, (d) => addStep(d, { kind, after }));
    } else if (other === "endpoint") {
      // It closes this dialog by taking its place.
      return room.setState({ ask: { kind: "endpoint" } });
    } else if (other) {
      session.run({ label: "add" }, (d) => addPart(d, { kind: other, after }));
    }
    onClose();
  }

  const steps = STEP_KINDS.map((kind): Choice => ({
    id: kind,
    Icon: stepIcon(kind),
    name: t(`flows:kind.${kind}`),
    text: t(`editor:kind.${kind}`),
    group: t("editor:add.steps"),
    keywords: kind,
  }));
  const others = OTHERS.map((kind): Choice => ({
    id: kind,
    Icon: partIcon(kind),
    name: t(`flows:kind.${kind}`),
    text: t(`editor:kind.${kind}`),
    group: t("editor:add.others"),
  }));
  return (
    <Dialog title={title} onClose={onClose} width={460}>
      <Chooser
        label={t("editor:add.label")}
        choices={between ? steps : [...steps, ...others]}
        onChoose={choose}
      />
    </Dialog>
  );
}
