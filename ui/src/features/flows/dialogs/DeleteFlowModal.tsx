import { useNavigate } from "@tanstack/react-router";
import { deleteFlow, type FlowSummary } from "@/api";
import { ConfirmModal } from "@/design";
import { useUndoable } from "@/design/undoable";
import { useTranslation } from "@/i18n";

interface DeleteFlowModalProps {
  flow: Pick<FlowSummary, "name" | "title">;
  onClose: () => void;
}

export function DeleteFlowModal({ flow, onClose }: DeleteFlowModalProps) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const undoable = useUndoable();
  const remove = () => {
    onClose();
    void navigate({ to: "/flows" });
    undoable({
      kind: "flow",
      id: flow.name,
      message: t("delete.done", { name: flow.name }),
      run: () => deleteFlow(flow.name),
      stale: ["flows", "status"],
    });
  };
  return (
    <ConfirmModal
      title={t("delete.title", { name: flow.title || flow.name })}
      text={t("delete.text")}
      confirm={t("delete.submit")}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}
