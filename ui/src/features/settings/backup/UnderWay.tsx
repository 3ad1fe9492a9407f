/** What goes on with backups: how far it is, why the last try failed, what waits for the next start. */
import { Button, Progress } from "@mantine/core";
import { cancelWaitingRestore, type BackupFailure, type BackupProgress } from "@/api";
import { type WaitingRestore as Waiting } from "@/api";
import { Banner, FailedAt, formatBytes, Prose, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../Settings.module.css";

export function Running({ progress }: { progress: BackupProgress }) {
  const { t } = useTranslation("backup");
  const { phase, done_bytes, total_bytes } = progress;
  const isKnown = total_bytes > 0;
  const label = t(`phase.${phase}`);
  return (
    <div className={classes.below} role="status">
      <p>
        {label}
        {isKnown && (
          <span className="muted num">
            {" "}
            {formatBytes(done_bytes)} / {formatBytes(total_bytes)}
          </span>
        )}
      </p>
      <Progress
        className={classes.below}
        value={isKnown ? (100 * done_bytes) / total_bytes : 100}
        animated={!isKnown}
        aria-label={label}
      />
    </div>
  );
}

export function Failed({ failure: { at, message } }: { failure: BackupFailure }) {
  const { t } = useTranslation("backup");
  return <FailedAt title={(when) => t("failed", { when })} at={at} text={message} />;
}

export function WaitingRestore({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation("backup");
  const cancel = useAction({
    run: () => cancelWaitingRestore(),
    stale: () => ["backups"],
    done: () => t("waiting.canceled"),
  });
  return (
    <Banner
      tone="wait"
      title={t("waiting.title")}
      text={<Prose text={t("waiting.text", { aside: `\`${waiting.aside}\`` })} />}
      action={
        <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("waiting.cancel")}
        </Button>
      }
    />
  );
}
