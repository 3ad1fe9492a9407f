/** One key or password of a pasted command: whether it becomes a secret, and under which name. */
import { Checkbox, TextInput } from "@mantine/core";
import { isName } from "@/features/lists/NameInput";
import { useTranslation } from "@/i18n";
import type { Credential } from "./credentials";
import own from "./Curl.module.css";

export interface Choice {
  isStored: boolean;
  name: string;
}

interface CredentialRowProps {
  credential: Credential;
  choice: Choice;
  taken: string[];
  onChange: (choice: Choice) => void;
}

export function CredentialRow({ credential, choice, taken, onChange }: CredentialRowProps) {
  const { t } = useTranslation("forms");
  const place = credential.place === "header" ? "curl.inHeader" : "curl.inQuery";
  const where = t(place, { name: credential.name });
  return (
    <div className={own.secret}>
      <Checkbox
        size="xs"
        label={t("curl.store", { name: credential.name })}
        description={choice.isStored ? where : t("curl.clear")}
        checked={choice.isStored}
        onChange={(event) => onChange({ ...choice, isStored: event.currentTarget.checked })}
      />
      {choice.isStored && (
        <TextInput
          aria-label={t("curl.secretName", { name: credential.name })}
          value={choice.name}
          error={mistake()}
          onChange={(event) => onChange({ ...choice, name: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
        />
      )}
    </div>
  );

  function mistake(): string | undefined {
    if (!isName(choice.name)) return t("curl.nameBad");
    return taken.includes(choice.name) ? t("curl.nameTaken") : undefined;
  }
}
