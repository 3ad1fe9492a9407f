/** Updates: what runs here, whom it may ask, what there is, and downloading it. Nobody is asked before a person says so. */
import { Button } from "@mantine/core";
import { IconDownloadOff, IconRefresh } from "@tabler/icons-react";
import { checkForUpdates, useUpdates, type UpdateFailure, type Updates } from "@/api";
import { CopyButton, ErrorPanel, Facts, FailedAt, Loading, Notice, useAction } from "@/design";
import { useCommands } from "@/frame/commands";
import { loadTexts, useTranslation } from "@/i18n";
import classes from "../Settings.module.css";
import { SettingSwitch } from "../SettingSwitch";
import { Found } from "./Found";
import { Download } from "./Download";

loadTexts("updates");

export function UpdateSettings() {
  const { data, error, refetch } = useUpdates();
  if (!data) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  return (
    <>
      <About updates={data} />
      {data.source ? <Asking updates={data} /> : <AsksNobody />}
      {data.download && <Download download={data.download} />}
    </>
  );
}

function About({ updates: { version, source, package_kind } }: { updates: Updates }) {
  const { t } = useTranslation("updates");
  return (
    <Facts
      facts={[
        { name: t("version"), value: version },
        { name: t("kind"), value: package_kind ?? t("kindUnknown") },
        { name: t("source"), value: source && <span className="mono">{source.url}</span> },
        {
          name: t("key"),
          value: source && (
            <span className={classes.row}>
              <span className="mono">{source.key}</span>
              <CopyButton text={source.key} label={t("copyKey")} />
            </span>
          ),
        },
      ]}
    />
  );
}

function AsksNobody() {
  const { t } = useTranslation("updates");
  return (
    <div className={classes.below}>
      <Notice Icon={IconDownloadOff} title={t("none.title")}>
        {t("none.text")}
      </Notice>
    </div>
  );
}

function Asking({ updates }: { updates: Updates }) {
  const { t } = useTranslation("updates");
  const look = useAction({
    run: () => checkForUpdates(),
    stale: () => ["updates"],
    quiet: true,
  });
  const run = () => look.mutate();
  useCommands([{ id: "updates.look", label: t("look"), Icon: IconRefresh, run }]);
  return (
    <>
      <p className={`muted ${classes.below}`}>{t("text")}</p>
      <Button
        className={classes.below}
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={look.isPending}
        onClick={run}
      >
        {t("look")}
      </Button>
      <Daily daily={updates.daily} />
      <div className={`${classes.words} ${classes.below}`} aria-live="polite">
        {look.error ? (
          <ErrorPanel error={look.error} inline />
        ) : (
          updates.last_failure && <Failed failure={updates.last_failure} />
        )}
        {updates.found && <Found found={updates.found} updates={updates} />}
      </div>
    </>
  );
}

function Daily({ daily }: { daily: boolean }) {
  const { t } = useTranslation("updates");
  return (
    <SettingSwitch
      label={t("daily")}
      hint={t("dailyHint")}
      isOn={daily}
      change={(updates_daily) => ({ updates_daily })}
      stale={["updates"]}
      done={(wanted) => t(wanted ? "dailyOn" : "dailyOff")}
    />
  );
}

/** Of a look that nobody on this page made: by itself, or by the command line. */
function Failed({ failure: { at, message, hint } }: { failure: UpdateFailure }) {
  const { t } = useTranslation("updates");
  return <FailedAt title={(when) => t("failed", { when })} at={at} text={`${message} ${hint}`} />;
}
