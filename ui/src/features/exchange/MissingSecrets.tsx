/** Asks for the secrets that the flows name and nobody has set. What is left empty can be set later. */
import { PasswordInput } from "@mantine/core";
import type { MissingSecret } from "@/api";
import { useTranslation } from "@/i18n";
import classes from "./Exchange.module.css";

interface MissingSecretsProps {
  missing: MissingSecret[];
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

export function MissingSecrets({ missing, values, onChange }: MissingSecretsProps) {
  const { t } = useTranslation("exchange");
  return (
    <section className={classes.fate}>
      <h3>{t("dialog.secrets")}</h3>
      <p className="muted">{t("dialog.secretsText")}</p>
      <div className={classes.secrets}>
        {missing.map(({ name, flows }) => (
          <PasswordInput
            key={name}
            label={name}
            description={t("dialog.usedBy", { flows: flows.join(", ") })}
            value={values[name] ?? ""}
            onChange={({ currentTarget }) => onChange({ ...values, [name]: currentTarget.value })}
            autoComplete="off"
          />
        ))}
      </div>
    </section>
  );
}
