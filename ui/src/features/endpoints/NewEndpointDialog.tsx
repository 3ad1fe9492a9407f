/** A new endpoint in three steps: who calls, their secret, and what to give them. */
import { useState } from "react";
import { Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import type { Fields } from "@/features/flows/document";
import { useTranslation } from "@/i18n";
import { EndpointAdded } from "./EndpointAdded";
import own from "./Endpoints.module.css";
import { NewEndpointForm } from "./NewEndpointForm";
import { PROVIDERS, type Provider } from "./providers";
import { WIZARD_PX } from "./wizard";

export interface NewEndpointDialogProps {
  /** The flow's name. */
  flow: string;
  /** The endpoints that the flow has, by name. */
  taken: readonly string[];
  /** Puts the new endpoint into the flow's document. What it throws is shown. */
  onAdd: (fields: Fields) => void | Promise<void>;
  onClose: () => void;
}

export function NewEndpointDialog({ flow, taken, onAdd, onClose }: NewEndpointDialogProps) {
  const { t } = useTranslation("ways");
  const [provider, setProvider] = useState<Provider>();
  const [added, setAdded] = useState<{ fields: Fields; key: string | null }>();
  const [before] = useState(taken);
  if (provider && added) {
    return (
      <EndpointAdded
        flow={flow}
        fields={added.fields}
        madeKey={added.key}
        provider={provider}
        isFirst={before.length === 0}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      title={provider ? t("new.titleFor", { provider: titleOf(provider) }) : t("new.title")}
      onClose={onClose}
      width={WIZARD_PX.width}
      height={WIZARD_PX.height}
    >
      {provider ? (
        <NewEndpointForm
          provider={provider}
          taken={before}
          onBack={() => setProvider(undefined)}
          onAdd={async (fields, key) => {
            await onAdd(fields);
            setAdded({ fields, key });
          }}
        />
      ) : (
        <div className={classes.form}>
          <p className="muted">{t("new.who")}</p>
          <div className={own.providers} role="group" aria-label={t("new.providers")}>
            {PROVIDERS.map((each, at) => (
              <button
                key={each.name}
                type="button"
                className={own.provider}
                data-autofocus={at === 0 || undefined}
                onClick={() => setProvider(each)}
              >
                <span className={own.providerName}>{titleOf(each)}</span>
                <span className={own.providerText}>{t(`provider.${each.name}.text`)}</span>
              </button>
            ))}
          </div>
        </div>
      )}
    </Dialog>
  );

  function titleOf(each: Provider): string {
    return each.title ?? t(`provider.${each.name as "key" | "none"}.title`);
  }
}

export default NewEndpointDialog;
