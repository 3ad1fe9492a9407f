import { deleteSecret, type Secret } from "@/api";
import { ConfirmModal, useAction } from "@/design";
import { useTranslation } from "@/i18n";

export function DeleteSecretModal({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { t } = useTranslation("workspace");
  const { name, used_by } = secret;
  const remove = useAction({
    run: () => deleteSecret(name),
    stale: () => ["secrets", "status"],
    done: () => t("secrets.confirm.done", { name }),
    onDone: onClose,
    quiet: true,
  });
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
      typeName={name}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
