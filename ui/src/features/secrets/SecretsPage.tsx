import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSecrets, type Secret } from "@/api";
import { Banner, ScrollBox } from "@/design";
import { CollectionPage } from "@/features/lists/CollectionPage";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { DeleteSecretModal } from "./DeleteSecretModal";
import { SecretForm } from "./SecretForm";
import { SecretsTable } from "./SecretsTable";

type Dialog = { form: Secret | null } | { remove: Secret };

export function SecretsPage() {
  const { t } = useTranslation("workspace");
  const [dialog, setDialog] = useState<Dialog>();
  const add = () => setDialog({ form: null });
  const close = () => setDialog(undefined);
  useCommands([{ id: "secrets.add", label: t("secrets.add"), Icon: IconKey, run: add }]);
  return (
    <>
      <CollectionPage
        title={t("secrets.title")}
        query={useSecrets()}
        action={
          <Button variant="filled" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {t("secrets.add")}
          </Button>
        }
        empty={{ Icon: IconKey, title: t("secrets.empty.title"), text: t("secrets.empty.text") }}
      >
        {(secrets) => (
          <>
            <MissingBanner secrets={secrets} />
            <ScrollBox label={t("secrets.list")}>
              <SecretsTable
                secrets={secrets}
                onSet={(form) => setDialog({ form })}
                onDelete={(remove) => setDialog({ remove })}
              />
            </ScrollBox>
          </>
        )}
      </CollectionPage>
      {dialog && "form" in dialog && <SecretForm secret={dialog.form} onClose={close} />}
      {dialog && "remove" in dialog && <DeleteSecretModal secret={dialog.remove} onClose={close} />}
    </>
  );
}

function MissingBanner({ secrets }: { secrets: Secret[] }) {
  const { t } = useTranslation("workspace");
  const missing = secrets.filter(({ state }) => state === "missing").length;
  if (missing === 0) return null;
  return (
    <Banner
      tone="wait"
      title={t("secrets.missing", { count: missing })}
      text={t("secrets.missingText")}
    />
  );
}
