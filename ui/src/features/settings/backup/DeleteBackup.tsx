/** Asks before a backup is deleted. */
import { deleteBackup, type Backup } from "@/api";
import { ConfirmModal, useAction } from "@/design";
import { useTranslation } from "@/i18n";

export function DeleteBackup({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { t } = useTranslation("backup");
  const gone = useAction({
    run: () => deleteBackup(backup.name),
    stale: () => ["backups"],
    done: () => t("confirmDelete.done"),
    onDone: onClose,
    quiet: true,
  });
  return (
    <ConfirmModal
      title={t("confirmDelete.title")}
      text={t("confirmDelete.text", { name: backup.name })}
      confirm={t("confirmDelete.submit")}
      busy={gone.isPending}
      error={gone.error}
      onConfirm={() => gone.mutate()}
      onClose={onClose}
    />
  );
}
