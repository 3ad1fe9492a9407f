/** Says what a restore replaces, what becomes of what is there now, and what is still needed; then begins it. */
import { restoreBackup, type Backup } from "@/api";
import { ConfirmModal, formatCount, formatToSecond, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../Settings.module.css";

interface RestoreBackupProps {
  backup: Backup;
  restartsItself: boolean;
  onClose: () => void;
}

export function RestoreBackup({ backup, restartsItself, onClose }: RestoreBackupProps) {
  const { t } = useTranslation("backup");
  const begin = useAction({
    run: () => restoreBackup(backup.name),
    stale: () => ["backups"],
    done: () => t("confirmRestore.done"),
    onDone: onClose,
    quiet: true,
  });
  const { contents } = backup;
  if (!contents) return null;
  const counts = (["flows", "requests", "jobs"] as const).map((each) => {
    const count = contents[`${each}_count`];
    return t(each, { count, shown: formatCount(count) });
  });
  const secrets = contents.secrets_needed;
  return (
    <ConfirmModal
      title={t("confirmRestore.title", { when: formatToSecond(contents.made_at) })}
      text={
        <div className={classes.words}>
          <p>{t("confirmRestore.replaced", { counts: counts.join(", ") })}</p>
          <p>{t("confirmRestore.aside")}</p>
          <p>{t("confirmRestore.again")}</p>
          {secrets.length > 0 && (
            <p>{t("confirmRestore.secrets", { names: secrets.join(", ") })}</p>
          )}
          <p>{t(restartsItself ? "confirmRestore.restarts" : "confirmRestore.later")}</p>
        </div>
      }
      confirm={t("confirmRestore.submit")}
      busy={begin.isPending}
      error={begin.error}
      onConfirm={() => begin.mutate()}
      onClose={onClose}
    />
  );
}
