/** Whether a request through the public URL arrives here, asked for by a person. */
import { Button } from "@mantine/core";
import { IconCheck, IconWorldQuestion, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { checkPublicUrl, useSettings, type PublicUrlChecked } from "@/api";
import { ErrorPanel, Pill, Prose, useAction } from "@/design";
import { loadTexts, useTranslation } from "@/i18n";
import own from "./Endpoints.module.css";

loadTexts("ways");

export function PublicUrlCheck({ isInSettings = false }: { isInSettings?: boolean }) {
  const { t } = useTranslation("ways");
  const settings = useSettings().data;
  const check = useAction({ run: checkPublicUrl, quiet: true });
  if (!settings) return null;
  if (!settings.public_url) {
    if (isInSettings) return null;
    return (
      <p className="faint">
        {t("public.local")}{" "}
        <Link to="/settings" hash="public-url">
          {t("public.change")}
        </Link>
      </p>
    );
  }
  return (
    <div>
      <div className={own.links}>
        <Button
          leftSection={<IconWorldQuestion size={16} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t("public.check")}
        </Button>
        {!isInSettings && <span className="mono muted truncate">{settings.public_url}</span>}
        <span role="status">{check.data && <Verdict checked={check.data} />}</span>
      </div>
      {check.data && (
        <p className="muted">
          <Prose text={check.data.detail} />
        </p>
      )}
      {check.data && check.data.status !== "reached" && (
        <p className="faint">{t(`public.cure.${check.data.status}`)}</p>
      )}
      {check.error && <ErrorPanel error={check.error} inline />}
    </div>
  );
}

function Verdict({ checked: { status } }: { checked: PublicUrlChecked }) {
  const { t } = useTranslation("ways");
  const isReached = status === "reached";
  return (
    <Pill tone={isReached ? "ok" : "bad"} Icon={isReached ? IconCheck : IconX}>
      {t(`public.status.${status}`)}
    </Pill>
  );
}
