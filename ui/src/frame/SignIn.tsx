/** What a browser without a token sees: why, and the two ways in. */
import { Button, PasswordInput } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useEffect, useState, type FormEvent } from "react";
import { Trans } from "react-i18next";
import { useTranslation } from "@/i18n";
import { tryToken } from "@/platform";
import classes from "./SignIn.module.css";

export default function SignIn({ spentCode }: { spentCode: boolean }) {
  const { t } = useTranslation();
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => {
    document.title = t("app.windowTitle", { title: t("signIn.title") });
  }, [t]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const accepted = await tryToken(token.trim()).catch(() => undefined);
    setBusy(false);
    if (accepted === undefined) setError(`${t("error.unreachable")} ${t("error.unreachableHint")}`);
    if (accepted === false) setError(t("signIn.refused"));
  }

  return (
    <main className={classes.page}>
      <form className={classes.box} onSubmit={(event) => void submit(event)}>
        <span className={classes.logo}>
          <IconWebhook size={22} stroke={1.75} aria-hidden />
        </span>
        <h1>{t("signIn.title")}</h1>
        <p className="muted">
          {spentCode ? (
            t("signIn.spent")
          ) : (
            <Trans i18nKey="signIn.text" t={t} components={{ code: <code /> }} />
          )}
        </p>
        <PasswordInput
          label={t("signIn.token")}
          description={t("signIn.tokenHint")}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={error}
          autoComplete="off"
          autoFocus
        />
        <Button type="submit" variant="filled" loading={busy} disabled={token.trim() === ""}>
          {t("signIn.submit")}
        </Button>
      </form>
    </main>
  );
}
