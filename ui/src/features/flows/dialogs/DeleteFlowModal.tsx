import { useNavigate } from "@tanstack/react-router";
import { deleteFlow, type FlowDetail } from "@/api";
import { ConfirmModal, useAction } from "@/design";
import { useTranslation } from "@/i18n";

export function DeleteFlowModal({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const remove = useAction({
    run: () => deleteFlow(flow.name),
    stale: () => ["flows", "status"],
    done: () => t("delete.done", { name: flow.name }),
    onDone: () => void navigate({ to: "/flows" }),
    quiet: true,
  });
  return (
    <ConfirmModal
      title={t("delete.title", { name: flow.title || flow.name })}
      text={t("delete.text")}
      confirm={t("delete.submit")}
      typeName={flow.name}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
