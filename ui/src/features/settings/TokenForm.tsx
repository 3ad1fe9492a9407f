/** Makes an access token, and shows it once. */
import { Radio } from "@mantine/core";
import { useState } from "react";
import { createToken, type Scope } from "@/api";
import { MadeOnceDialog } from "@/design";
import { useTranslation } from "@/i18n";

const SCOPES = ["read", "run", "manage"] as const satisfies Scope[];

export function TokenForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [scope, setScope] = useState<Scope>("read");
  return (
    <MadeOnceDialog
      texts={{
        title: t("tokens.form.title"),
        name: t("tokens.form.name"),
        nameHint: t("tokens.form.nameHint"),
        submit: t("tokens.form.submit"),
        made: t("tokens.form.made"),
        copy: t("tokens.form.copy"),
        close: t("tokens.form.close"),
      }}
      run={(name) => createToken(name, scope)}
      stale="tokens"
      shown={(made) => made.token}
      onClose={onClose}
    >
      <Radio.Group
        label={t("tokens.form.scope")}
        value={scope}
        onChange={(value) => setScope(value as Scope)}
      >
        {SCOPES.map((each) => (
          <Radio
            key={each}
            mt={8}
            size="xs"
            value={each}
            label={t(`tokens.scopes.${each}`)}
            description={t(`tokens.scopeHints.${each}`)}
          />
        ))}
      </Radio.Group>
    </MadeOnceDialog>
  );
}
