import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { createEndpointToken } from "@/api";
import { Dialog, ErrorPanel, ShownOnce, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import type { OfEndpoint } from "./EndpointTokens";

/** Makes a URL with a token, and shows it once. */
export function TokenUrlForm({ flow, endpoint, onClose }: OfEndpoint & { onClose: () => void }) {
  const { t } = useTranslation(["parts", "common"]);
  const [name, setName] = useState("");
  const make = useAction({
    run: () => createEndpointToken(flow, endpoint, name.trim()),
    stale: () => [`flow:${flow}`],
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== "") make.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("parts:tokens.form.title", { endpoint })}
      keepOpen={make.data !== undefined}
    >
      {make.data ? (
        <ShownOnce
          text={t("parts:tokens.form.made")}
          values={[{ value: make.data.url, copy: t("parts:tokens.form.copy") }]}
          close={t("parts:tokens.form.close")}
          onClose={onClose}
        />
      ) : (
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            data-autofocus
            label={t("parts:tokens.form.name")}
            description={t("parts:tokens.form.nameHint")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
          {make.error && <ErrorPanel error={make.error} inline />}
          <div className={classes.buttons}>
            <Button onClick={onClose}>{t("common:action.cancel")}</Button>
            <Button
              type="submit"
              variant="filled"
              loading={make.isPending}
              disabled={name.trim() === ""}
            >
              {t("parts:tokens.form.submit")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
