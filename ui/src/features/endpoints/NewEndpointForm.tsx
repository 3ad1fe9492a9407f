/** Name and secret of a new endpoint. The secret is stored before the endpoint names it. */
import { Button, PasswordInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconDice5 } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { putSecret, useSecrets } from "@/api";
import { ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import type { Fields } from "@/features/flows/document";
import { isName } from "@/features/lists/NameInput";
import { freeName } from "@/features/flows/forms/fields/freeName";
import { useTranslation } from "@/i18n";
import own from "./Endpoints.module.css";
import { endpointFields, newKey, type Provider } from "./providers";

const ADDRESS_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

interface NewEndpointFormProps {
  provider: Provider;
  taken: readonly string[];
  onBack: () => void;
  /** With the key that was made here, which can be shown this once. */
  onAdd: (fields: Fields, key: string | null) => Promise<void>;
}

export function NewEndpointForm({ provider, taken, onBack, onAdd }: NewEndpointFormProps) {
  const { t } = useTranslation(["ways", "common"]);
  const secrets = useSecrets().data?.items ?? [];
  const stored = secrets.filter(({ state }) => state !== "missing").map(({ name }) => name);
  const [name, setName] = useState(() => freeName(provider.stem, [...taken]));
  const [from, setFrom] = useState<"new" | "stored">("new");
  const [secretName, setSecretName] = useState<string>();
  const [value, setValue] = useState(() => (provider.secret === "ours" ? newKey() : ""));
  const [chosen, setChosen] = useState<string | null>(null);
  const needsSecret = provider.secret !== "none";
  const newSecret = secretName ?? freeName(`${name.replaceAll("-", "_")}_key`, stored);
  const secret = from === "new" ? newSecret : (chosen ?? "");
  const nameMistake = !ADDRESS_NAME.test(name)
    ? t("ways:new.nameBad")
    : taken.includes(name)
      ? t("ways:new.nameTaken")
      : undefined;
  const isNewSound = isName(newSecret) && !stored.includes(newSecret) && value !== "";
  const isSecretSound = !needsSecret || (from === "new" ? isNewSound : chosen !== null);
  const add = useAction({
    run: async () => {
      if (needsSecret && from === "new") await putSecret(newSecret, value);
      await onAdd(
        endpointFields(provider, name, secret),
        provider.secret === "ours" && from === "new" ? value : null,
      );
    },
    stale: () => ["secrets", "status"],
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (nameMistake === undefined && isSecretSound) add.mutate();
  }

  return (
    <form className={classes.form} onSubmit={submit} autoComplete="off">
      <TextInput
        data-autofocus
        label={t("ways:new.name")}
        description={t("ways:new.nameHint")}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={nameMistake}
        spellCheck={false}
        autoComplete="off"
      />
      {needsSecret && (
        <>
          <p className="muted">{t(`ways:provider.${provider.name as "github"}.secret`)}</p>
          <SegmentedControl
            aria-label={t("ways:new.secretFrom")}
            data={[
              { value: "new", label: t("ways:new.newSecret") },
              { value: "stored", label: t("ways:new.storedSecret"), disabled: stored.length === 0 },
            ]}
            value={from}
            onChange={(next) => setFrom(next as "new" | "stored")}
          />
          {from === "new" ? (
            <NewSecret
              name={newSecret}
              onName={setSecretName}
              isTaken={stored.includes(newSecret)}
              value={value}
              onValue={setValue}
              canMake={provider.secret === "ours"}
            />
          ) : (
            <Select
              label={t("ways:new.secretName")}
              data={stored}
              value={chosen}
              onChange={setChosen}
              searchable
              comboboxProps={{ withinPortal: false }}
            />
          )}
        </>
      )}
      {!needsSecret && <p className="muted">{t("ways:auth.noneText")}</p>}
      {add.error && <ErrorPanel error={add.error} inline />}
      <div className={`${classes.buttons} ${classes.bottom}`}>
        <Button onClick={onBack}>{t("ways:new.back")}</Button>
        <Button
          type="submit"
          variant="filled"
          loading={add.isPending}
          disabled={nameMistake !== undefined || !isSecretSound}
        >
          {t("ways:new.add")}
        </Button>
      </div>
    </form>
  );
}

interface NewSecretProps {
  name: string;
  onName: (name: string) => void;
  isTaken: boolean;
  value: string;
  onValue: (value: string) => void;
  /** The secret is ours to choose. */
  canMake: boolean;
}

function NewSecret({ name, onName, isTaken, value, onValue, canMake }: NewSecretProps) {
  const { t } = useTranslation("ways");
  return (
    <>
      <div className={own.ways}>
        <PasswordInput
          label={t("new.secret")}
          description={t("new.secretHint")}
          value={value}
          onChange={({ currentTarget }) => onValue(currentTarget.value)}
          autoComplete="new-password"
          spellCheck={false}
        />
        {canMake && (
          <Button
            leftSection={<IconDice5 size={16} aria-hidden />}
            onClick={() => onValue(newKey())}
          >
            {t("new.makeKey")}
          </Button>
        )}
      </div>
      <TextInput
        label={t("new.secretName")}
        value={name}
        onChange={({ currentTarget }) => onName(currentTarget.value)}
        error={isTaken ? t("new.secretTaken") : isName(name) ? undefined : t("new.secretNameBad")}
        spellCheck={false}
        autoComplete="off"
      />
    </>
  );
}
