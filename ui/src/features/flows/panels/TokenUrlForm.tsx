/** Makes a URL with a token, and shows it once. */
import { createEndpointToken } from "@/api";
import { MadeOnceDialog } from "@/design";
import { useTranslation } from "@/i18n";
import type { OfEndpoint } from "./EndpointTokens";

export function TokenUrlForm({ flow, endpoint, onClose }: OfEndpoint & { onClose: () => void }) {
  const { t } = useTranslation("parts");
  return (
    <MadeOnceDialog
      texts={{
        title: t("tokens.form.title", { endpoint }),
        name: t("tokens.form.name"),
        nameHint: t("tokens.form.nameHint"),
        submit: t("tokens.form.submit"),
        made: t("tokens.form.made"),
        copy: t("tokens.form.copy"),
        close: t("tokens.form.close"),
      }}
      run={(name) => createEndpointToken(flow, endpoint, name)}
      stale={`flow:${flow}`}
      shown={(made) => made.url}
      onClose={onClose}
    />
  );
}
