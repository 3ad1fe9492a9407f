/** A download: how far it is, where the file lies and what installs it, or why it is not there. */
import { Button, Progress } from "@mantine/core";
import { cancelUpdateDownload, type UpdateDownload } from "@/api";
import { Banner, CopyButton, Facts, formatBytes, Prose, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../Settings.module.css";

export function Download({ download }: { download: UpdateDownload }) {
  switch (download.state) {
    case "running":
      return <Running download={download} />;
    case "done":
      return <Done download={download} />;
    case "failed":
      return <Failed download={download} />;
  }
}

function Running({ download: { version, done_bytes, total_bytes } }: { download: UpdateDownload }) {
  const { t } = useTranslation("updates");
  const cancel = useAction({
    run: () => cancelUpdateDownload(),
    stale: () => ["updates"],
    done: () => t("canceled"),
  });
  const label = t("downloading", { version });
  return (
    <div className={classes.below}>
      <div className={classes.row} role="status">
        <span>{label}</span>
        <span className="muted num">
          {formatBytes(done_bytes)} / {formatBytes(total_bytes)}
        </span>
        <Button variant="subtle" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("cancel")}
        </Button>
      </div>
      <Progress
        className={classes.below}
        value={(100 * done_bytes) / total_bytes}
        aria-label={label}
      />
    </div>
  );
}

function Done({ download }: { download: UpdateDownload }) {
  const { t } = useTranslation("updates");
  const { version, path, install, was_there } = download;
  return (
    <div className={`${classes.words} ${classes.below}`} role="status">
      <p className="strong">{t(was_there ? "wasThere" : "done", { version })}</p>
      <Facts
        facts={[
          {
            name: t("file"),
            value: (
              <span className={classes.row}>
                <span className="mono">{path}</span>
                <CopyButton text={path} label={t("copyFile")} />
              </span>
            ),
          },
          {
            name: t("command"),
            value: install && (
              <span className={classes.row}>
                <span className="mono">{install}</span>
                <CopyButton text={install} label={t("copyCommand")} />
              </span>
            ),
          },
        ]}
      />
      <p className="muted">
        {!install && t("open")} {t("before")}
      </p>
    </div>
  );
}

function Failed({ download: { version, failure } }: { download: UpdateDownload }) {
  const { t } = useTranslation("updates");
  return (
    <div className={classes.below}>
      <Banner
        tone="bad"
        title={t("notDownloaded", { version })}
        text={failure && <Prose text={`${failure.message} ${failure.hint}`} />}
      />
    </div>
  );
}
