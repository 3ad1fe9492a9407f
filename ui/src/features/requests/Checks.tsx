import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import type { Check } from "@/api";
import { Prose } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Requests.module.css";

/** What was checked, in its order; the first that failed decided, the rest was not reached. */
export function Checks({ checks }: { checks: Check[] }) {
  const { t } = useTranslation("requests");
  return (
    <ol>
      {checks.map(({ name, ok, message }) => (
        <li key={name} className={classes.check} data-ok={String(ok)}>
          <CheckIcon ok={ok} />
          <div>
            <p className="strong">
              {t(`checks.${name}`)}
              {ok !== null && (
                <span className="sr-only">: {t(ok ? "checks.ok" : "checks.bad")}</span>
              )}
            </p>
            <p className={ok === null ? undefined : "muted"}>
              <Prose text={message || (ok === null ? t("checks.notReached") : "")} />
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function CheckIcon({ ok }: { ok: boolean | null }) {
  const Icon = ok === null ? IconMinus : ok ? IconCheck : IconX;
  return <Icon size={16} stroke={1.75} aria-hidden />;
}
