/** Backups: making one, when they are made by themselves, which ones there are, and what goes on. */
import { Button } from "@mantine/core";
import { IconArchive } from "@tabler/icons-react";
import { useState } from "react";
import { makeBackup, useBackups, type Backup, type Backups } from "@/api";
import { CopyButton, ErrorPanel, Facts, Loading, Prose, useAction } from "@/design";
import { useCommands } from "@/frame/commands";
import { loadTexts, useTranslation } from "@/i18n";
import classes from "../Settings.module.css";
import { BackupSchedule } from "./BackupSchedule";
import { BackupsTable } from "./BackupsTable";
import { DeleteBackup } from "./DeleteBackup";
import { RestoreBackup } from "./RestoreBackup";
import { Failed, Running, WaitingRestore } from "./UnderWay";

loadTexts("backup");

type Asked = { what: "restore" | "delete"; backup: Backup };

export function BackupSettings() {
  const { t } = useTranslation("backup");
  const { data, error, refetch } = useBackups();
  const [asked, setAsked] = useState<Asked>();
  const make = useAction({ run: () => makeBackup(), stale: () => ["backups"] });
  const run = () => make.mutate();
  useCommands([{ id: "backup.make", label: t("make"), Icon: IconArchive, run }]);
  const close = () => setAsked(undefined);
  if (!data) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  return (
    <>
      <p className="muted">
        {t("text")} {t("notInside")}
      </p>
      <div className={`${classes.fields} ${classes.below}`}>
        <Button
          leftSection={<IconArchive size={16} aria-hidden />}
          loading={make.isPending}
          disabled={data.running !== null}
          onClick={run}
        >
          {t("make")}
        </Button>
        <BackupSchedule schedule={data.schedule} />
      </div>
      <State backups={data} />
      <BackupsTable
        backups={data.items}
        isBusy={data.running !== null}
        onRestore={(backup) => setAsked({ what: "restore", backup })}
        onDelete={(backup) => setAsked({ what: "delete", backup })}
      />
      {asked?.what === "delete" && <DeleteBackup backup={asked.backup} onClose={close} />}
      {asked?.what === "restore" && (
        <RestoreBackup
          backup={asked.backup}
          restartsItself={data.restarts_itself}
          onClose={close}
        />
      )}
    </>
  );
}

/** What goes on, what went wrong, and where everything lies. */
function State({ backups }: { backups: Backups }) {
  const { t } = useTranslation("backup");
  const { running, last_failure, waiting_restore, folder, set_aside } = backups;
  return (
    <>
      {running && <Running progress={running} />}
      {!running && last_failure && <Failed failure={last_failure} />}
      {!running && waiting_restore && !backups.restarts_itself && (
        <WaitingRestore waiting={waiting_restore} />
      )}
      <Facts
        facts={[
          {
            name: t("folder"),
            value: (
              <span className={classes.row}>
                <span className="mono">{folder}</span>
                <CopyButton text={folder} label={t("copyFolder")} />
              </span>
            ),
          },
        ]}
      />
      {set_aside.length > 0 && (
        <p className={classes.hint}>
          <Prose
            text={t("aside", {
              count: set_aside.length,
              names: set_aside.map((name) => `\`${name}\``).join(", "),
            })}
          />
        </p>
      )}
    </>
  );
}
