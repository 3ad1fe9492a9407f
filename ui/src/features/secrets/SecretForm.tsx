import { Button, Checkbox, PasswordInput, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { putSecret, useSecrets, type Secret } from "@/api";
import { ErrorPanel, useAction, Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { isName, NameInput } from "@/features/lists/NameInput";
import { useTranslation } from "@/i18n";

/** Shorter values occur by chance everywhere: they are masked as whole fields only. */
const MASKED_EVERYWHERE_FROM_CHARS = 6;

interface SecretFormProps {
  /** Null: a new one, whose name is asked for. */
  secret: Secret | null;
  /** What the name of a new one begins as. */
  initialName?: string;
  onSaved?: (name: string) => void;
  onClose: () => void;
}

export function SecretForm({ secret, initialName, onSaved, onClose }: SecretFormProps) {
  const { t } = useTranslation(["workspace", "common"]);
  const [name, setName] = useState(secret?.name ?? initialName ?? "");
  const [value, setValue] = useState("");
  const known = useSecrets().data?.items ?? [];
  const taken = known.filter(({ state }) => state !== "missing").map((each) => each.name);
  const nameFits = isName(name);
  const save = useAction({
    run: () => putSecret(name, value),
    stale: () => ["secrets", "status"],
    done: () => t("workspace:secrets.form.done", { name }),
    onDone: () => {
      onSaved?.(name);
      onClose();
    },
    quiet: true,
  });
  const isKnown = secret !== null && secret.state !== "missing";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (nameFits && value !== "") save.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      unsaved={value !== ""}
      title={
        isKnown
          ? t("workspace:secrets.form.replaceTitle", { name })
          : t("workspace:secrets.form.setTitle")
      }
    >
      <form className={classes.form} onSubmit={submit} autoComplete="off">
        <p className="muted">{t("workspace:secrets.form.text")}</p>
        {!secret && (
          <NameInput
            value={name}
            onChange={setName}
            label={t("workspace:secrets.form.name")}
            hint={t("workspace:secrets.form.nameHint")}
            bad={t("workspace:secrets.form.nameBad")}
            taken={taken}
            takenHint={t("workspace:secrets.form.taken")}
          />
        )}
        <ValueInput value={value} onChange={setValue} focused={secret !== null} />
        {save.error && <ErrorPanel error={save.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={save.isPending}
            disabled={!nameFits || value === ""}
          >
            {t("workspace:secrets.form.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ValueInputProps {
  value: string;
  onChange: (value: string) => void;
  focused: boolean;
}

function ValueInput({ value, onChange, focused }: ValueInputProps) {
  const { t } = useTranslation("workspace");
  const [lines, setLines] = useState(false);
  const isShort = value !== "" && value.length < MASKED_EVERYWHERE_FROM_CHARS;
  const common = {
    label: t("secrets.form.value"),
    description: isShort ? t("secrets.form.short") : t("secrets.form.valueHint"),
    value,
    spellCheck: false,
    "data-autofocus": focused || undefined,
  };
  return (
    <>
      {lines ? (
        <Textarea {...common} rows={6} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Checkbox
        size="xs"
        label={t("secrets.form.lines")}
        checked={lines}
        onChange={(event) => setLines(event.currentTarget.checked)}
      />
    </>
  );
}
