import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSecrets, type Secret } from "@/api";
import { Banner, EmptyState, ErrorPanel, Loading, PageHeader, ScrollBox } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { DeleteSecretModal } from "./DeleteSecretModal";
import { SecretForm } from "./SecretForm";
import { SecretsTable } from "./SecretsTable";

type Dialog = { form: Secret | null } | { remove: Secret };

export function SecretsPage() {
  const { t } = useTranslation("workspace");
  const { data, error, refetch } = useSecrets();
  const [dialog, setDialog] = useState<Dialog>();
  const add = () => setDialog({ form: null });
  const close = () => setDialog(undefined);
  const missing = data?.items.filter(({ state }) => state === "missing").length ?? 0;
  useCommands([{ id: "secrets.add", label: t("secrets.add"), Icon: IconKey, run: add }]);
  const addButton = (
    <Button variant="filled" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
      {t("secrets.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("secrets.title")} actions={data && data.items.length > 0 && addButton} />
      {missing > 0 && (
        <Banner
          tone="wait"
          title={t("secrets.missing", { count: missing })}
          text={t("secrets.missingText")}
        />
      )}
      {error && !data ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <EmptyState
          Icon={IconKey}
          title={t("secrets.empty.title")}
          text={t("secrets.empty.text")}
          action={addButton}
        />
      ) : (
        <ScrollBox label={t("secrets.list")}>
          <SecretsTable
            secrets={data.items}
            onSet={(form) => setDialog({ form })}
            onDelete={(remove) => setDialog({ remove })}
          />
        </ScrollBox>
      )}
      {dialog && "form" in dialog && <SecretForm secret={dialog.form} onClose={close} />}
      {dialog && "remove" in dialog && <DeleteSecretModal secret={dialog.remove} onClose={close} />}
    </>
  );
}
