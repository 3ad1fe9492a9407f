/** A pasted cURL command becomes the fields of a step or a task; what is secret in it becomes a secret. */
import { Button, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { putSecret, useSecrets } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { isName } from "@/features/lists/NameInput";
import { useTranslation } from "@/i18n";
import type { Fields } from "../../document";
import { freeName } from "../fields/freeName";
import { credentialsIn, withSecrets } from "./credentials";
import { CredentialRow, type Choice } from "./CredentialRow";
import { CurlSummary } from "./CurlSummary";
import own from "./Curl.module.css";
import { withRequest, type CurlTarget } from "./fields";
import { parseCurl } from "./parse";

interface CurlDialogProps {
  /** Of the part, before. */
  fields: Fields;
  onFields: (fields: Fields) => void;
  onClose: () => void;
  target?: CurlTarget;
}

export default function CurlDialog(props: CurlDialogProps) {
  const { fields, onFields, onClose, target = "step" } = props;
  const { t } = useTranslation(["forms", "common"]);
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const stored = useSecrets().data?.items ?? [];
  const parsed = useMemo(() => parseCurl(text), [text]);
  const request = parsed.ok ? parsed.request : null;
  const credentials = request ? credentialsIn(request) : [];
  const taken = stored.map(({ name }) => name);
  const chosen = credentials.map((credential, at) => {
    const before = credentials.slice(0, at).map(({ suggestion }) => suggestion);
    const name = freeName(credential.suggestion, [...taken, ...before]);
    return { credential, choice: choices[credential.id] ?? { isStored: true, name } };
  });
  const kept = chosen.filter(({ choice }) => choice.isStored);
  const names = kept.map(({ choice }) => choice.name);
  const isReady =
    request !== null &&
    names.every((name) => isName(name) && !taken.includes(name)) &&
    new Set(names).size === names.length;

  const use = useAction({
    run: async () => {
      for (const { credential, choice } of kept) await putSecret(choice.name, credential.value);
    },
    onDone: () => {
      void client.invalidateQueries({ queryKey: ["secrets"] });
      if (!request) return;
      const safe = withSecrets(
        request,
        kept.map(({ credential, choice }) => ({ credential, secret: choice.name })),
      );
      onFields(withRequest(fields, safe, target));
      onClose();
    },
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady) use.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("forms:curl.title")}
      width={640}
      height={700}
      unsaved={text !== ""}
    >
      <form className={forms.form} onSubmit={submit}>
        <p className="muted">{t("forms:curl.text")}</p>
        <Textarea
          data-autofocus
          label={t("forms:curl.label")}
          placeholder={t("forms:curl.placeholder")}
          classNames={{ input: "mono" }}
          rows={8}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={
            parsed.ok || parsed.mistake === "empty"
              ? undefined
              : t(`forms:curl.mistake.${parsed.mistake}`)
          }
          spellCheck={false}
        />
        {request && <CurlSummary request={request} />}
        {chosen.length > 0 && (
          <section className={own.secrets} aria-label={t("forms:curl.secrets")}>
            <p className="strong">{t("forms:curl.secrets")}</p>
            <p className="muted">{t("forms:curl.secretsText")}</p>
            {chosen.map(({ credential, choice }) => (
              <CredentialRow
                key={credential.id}
                credential={credential}
                choice={choice}
                taken={[...taken, ...names.filter((name) => name !== choice.name)]}
                onChange={(next) => setChoices({ ...choices, [credential.id]: next })}
              />
            ))}
          </section>
        )}
        {use.error && <ErrorPanel error={use.error} inline />}
        <div className={`${forms.buttons} ${forms.bottom}`}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" loading={use.isPending} disabled={!isReady}>
            {t("forms:curl.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
