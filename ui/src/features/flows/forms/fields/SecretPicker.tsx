/** Chooses a stored secret by its name, or names a new one and sets it at once. Values never show. */
import { Button, Select } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useSecrets } from "@/api";
import { SecretForm } from "@/features/secrets/SecretForm";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../types";
import own from "./Fields.module.css";
import { freeName } from "./freeName";

export interface SecretPickerProps {
  label: string;
  description?: string | undefined;
  /** The name of the secret. */
  value: unknown;
  onChange: (name: string | undefined) => void;
  context: FormContext;
  error?: string | undefined;
  /** A name for a new one, if none is chosen. */
  suggestion?: string;
  /** It may be left out; this says what holds then. */
  noneLabel?: string;
}

export function SecretPicker(props: SecretPickerProps) {
  const { label, description, value, onChange, context, error, suggestion, noneLabel } = props;
  const { t } = useTranslation("forms");
  const [asked, setAsked] = useState<"new" | "missing" | null>(null);
  const secrets = useSecrets().data?.items ?? [];
  const name = typeof value === "string" ? value : "";
  const known = secrets.find((secret) => secret.name === name);
  const isMissing = name !== "" && (known === undefined || known.state === "missing");
  const names = secrets.map((secret) => secret.name);
  const all = name === "" || names.includes(name) ? names : [name, ...names];
  const options = all.map((each) => ({ value: each, label: each }));
  return (
    <div>
      <div className={own.withButton}>
        <Select
          label={label}
          description={description}
          data={options}
          value={name === "" ? null : name}
          onChange={(chosen) => onChange(chosen ?? undefined)}
          placeholder={noneLabel ?? t("secret.choose")}
          searchable
          clearable={noneLabel !== undefined && !context.isReadOnly}
          clearButtonProps={{ "aria-label": t("secret.clear") }}
          readOnly={context.isReadOnly}
          error={error}
          nothingFoundMessage={t("secret.nothing")}
          comboboxProps={{ withinPortal: false }}
        />
        {!context.isReadOnly && (
          <Button
            leftSection={<IconKey size={16} aria-hidden />}
            aria-label={t("secret.newFor", { label })}
            onClick={() => setAsked("new")}
          >
            {t("secret.new")}
          </Button>
        )}
      </div>
      {isMissing && (
        <p className={own.missing}>
          <span>{t("secret.missing", { name })}</span>
          <Button size="compact-xs" onClick={() => setAsked("missing")}>
            {t("secret.setNow")}
          </Button>
        </p>
      )}
      {asked && (
        <SecretForm
          secret={asked === "missing" ? (known ?? null) : null}
          initialName={asked === "missing" ? name : freeName(suggestion ?? "", names)}
          onSaved={(saved) => saved !== name && onChange(saved)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}
