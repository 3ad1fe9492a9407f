import { deleteSecret, type Secret } from "@/api";
import { ConfirmModal } from "@/design";
import { useUndoable } from "@/design/undoable";
import { useTranslation } from "@/i18n";

export function DeleteSecretModal({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { t } = useTranslation("workspace");
  const { name, used_by } = secret;
  const undoable = useUndoable();
  const remove = () => {
    onClose();
    undoable({
      kind: "secret",
      id: name,
      message: t("secrets.confirm.done", { name }),
      run: () => deleteSecret(name),
      stale: ["secrets", "status"],
    });
  };
  const places = used_by.map(({ flow, place }) => `${flow} ${place}`).join(", ");
  return (
    <ConfirmModal
      title={t("secrets.confirm.title", { name })}
      text={
        <>
          <p>{t("secrets.confirm.text")}</p>
          {used_by.length > 0 && (
            <p>{t("secrets.confirm.used", { count: used_by.length, places })}</p>
          )}
        </>
      }
      confirm={t("secrets.confirm.submit")}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}
