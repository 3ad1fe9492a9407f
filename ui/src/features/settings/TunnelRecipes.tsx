/** How to make the receiver reachable from outside: a command for each tunnel, and what to do with its answer. */
import { CopyButton } from "@/design";
import { receiverOf, TUNNELS } from "@/features/endpoints/tunnels";
import { useTranslation } from "@/i18n";
import classes from "./Settings.module.css";

export function TunnelRecipes({ address }: { address: string }) {
  const { t } = useTranslation("ways");
  const receiver = receiverOf(address);
  return (
    <details className={classes.below}>
      <summary>{t("tunnel.title")}</summary>
      <p className={classes.hint}>{t("tunnel.text")}</p>
      <ul className={classes.recipes} aria-label={t("tunnel.title")}>
        {TUNNELS.map(({ name, command }) => (
          <li key={name}>
            <div className="strong">{t(`tunnel.${name}.name`)}</div>
            <div className={classes.recipe}>
              <code>{command(receiver)}</code>
              <CopyButton
                text={command(receiver)}
                label={t("tunnel.copy", { name: t(`tunnel.${name}.name`) })}
              />
            </div>
            <p className="muted">{t(`tunnel.${name}.text`)}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
