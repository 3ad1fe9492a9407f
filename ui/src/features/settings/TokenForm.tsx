/** Makes an access token, and shows it once. */
import { Button, Radio, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { createToken, type Scope } from "@/api";
import { Dialog, ErrorPanel, ShownOnce, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";

const SCOPES = ["read", "run", "manage"] as const satisfies Scope[];

export function TokenForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const make = useAction({
    run: () => createToken(name.trim(), scope),
    stale: () => ["tokens"],
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== "") make.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("settings:tokens.form.title")}
      keepOpen={make.data !== undefined}
    >
      {make.data ? (
        <ShownOnce
          text={t("settings:tokens.form.made")}
          values={[{ value: make.data.token, copy: t("settings:tokens.form.copy") }]}
          close={t("settings:tokens.form.close")}
          onClose={onClose}
        />
      ) : (
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            data-autofocus
            label={t("settings:tokens.form.name")}
            description={t("settings:tokens.form.nameHint")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
          <Radio.Group
            label={t("settings:tokens.form.scope")}
            value={scope}
            onChange={(value) => setScope(value as Scope)}
          >
            {SCOPES.map((each) => (
              <Radio
                key={each}
                mt={8}
                size="xs"
                value={each}
                label={t(`settings:tokens.scopes.${each}`)}
                description={t(`settings:tokens.scopeHints.${each}`)}
              />
            ))}
          </Radio.Group>
          {make.error && <ErrorPanel error={make.error} inline />}
          <div className={classes.buttons}>
            <Button onClick={onClose}>{t("common:action.cancel")}</Button>
            <Button
              type="submit"
              variant="filled"
              loading={make.isPending}
              disabled={name.trim() === ""}
            >
              {t("settings:tokens.form.submit")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
