/** A step that somebody else runs: where it is sent, what signs it, what it carries. */
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { JsonField } from "../fields/JsonField";
import { SecretPicker } from "../fields/SecretPicker";
import type { PartFormProps } from "../types";
import { stepFields } from "./stepFields";
import { TemplateKey } from "./TemplateKey";

export function RemoteForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const flowUrl = text(context.document.remote_url);
  const flowSecret = text(context.document.remote_secret);
  return (
    <>
      <TemplateKey
        step={step}
        name="url"
        label={t("http.url")}
        description={flowUrl === "" ? t("remote.urlHint") : t("remote.flowUrl", { url: flowUrl })}
        place="url"
        context={context}
        isOptional
      />
      <SecretPicker
        label={t("remote.secret")}
        description={t("remote.secretHint")}
        value={step.fields.secret}
        onChange={(secret) => step.set("secret", secret)}
        context={context}
        error={step.wrong("secret")}
        suggestion={`${text(step.fields.name)}_key`}
        noneLabel={
          flowSecret === "" ? t("remote.none") : t("remote.flowSecret", { name: flowSecret })
        }
      />
      <JsonField
        label={t("remote.data")}
        description={t("remote.dataHint")}
        value={step.fields.data}
        onChange={(data) => step.set("data", data)}
        context={context}
        error={step.wrong("data")}
      />
    </>
  );
}
