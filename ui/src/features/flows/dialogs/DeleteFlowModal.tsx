import { useNavigate } from "@tanstack/react-router";
import { deleteFlow, type FlowDetail } from "@/api";
import { ConfirmModal } from "@/design";
import { useUndoable } from "@/design/undoable";
import { useTranslation } from "@/i18n";

export function DeleteFlowModal({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const undoable = useUndoable();
  const remove = () => {
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
