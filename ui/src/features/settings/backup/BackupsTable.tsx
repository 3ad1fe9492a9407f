/** The backups in the data folder, newest first. One that cannot be read says why. */
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Backup } from "@/api";
import { formatBytes, formatCount, Pill, Prose, RelativeTime, SimpleTable } from "@/design";
import { useTranslation } from "@/i18n";

interface BackupsTableProps {
  backups: Backup[];
  isBusy: boolean;
  onRestore: (backup: Backup) => void;
  onDelete: (backup: Backup) => void;
}

export function BackupsTable({ backups, isBusy, onRestore, onDelete }: BackupsTableProps) {
  const { t } = useTranslation(["backup", "common"]);
  if (backups.length === 0) return <p className="muted">{t("backup:none")}</p>;
  return (
    <SimpleTable
      label={t("backup:list")}
      headers={[t("backup:name"), t("backup:made"), t("backup:size"), t("backup:holds")]}
      actionsHeader={t("common:action.actions")}
      rows={backups.map((backup) => ({
        key: backup.name,
        cells: [
          <span key="name" title={backup.name}>
            {t(`backup:reason.${backup.reason ?? "unknown"}`)}
          </span>,
          backup.contents && <RelativeTime key="made" at={backup.contents.made_at} />,
          <span key="size" className="num">
            {formatBytes(backup.bytes)}
          </span>,
          <Holds key="holds" backup={backup} />,
        ],
        actions: (
          <>
            <Button
              aria-label={t("backup:restoreNamed", { name: backup.name })}
              disabled={isBusy || backup.contents === null}
              onClick={() => onRestore(backup)}
            >
              {t("backup:restore")}
            </Button>
            <Button
              variant="subtle"
              aria-label={t("backup:deleteNamed", { name: backup.name })}
              disabled={isBusy}
              onClick={() => onDelete(backup)}
            >
              {t("backup:delete")}
            </Button>
          </>
        ),
      }))}
    />
  );
}

function Holds({ backup: { problem, contents } }: { backup: Backup }) {
  const { t } = useTranslation("backup");
  if (!contents) {
    return (
      <>
        <Pill tone="bad" Icon={IconX}>
          {t("unreadable")}
        </Pill>
        <p>
          <Prose text={problem ?? ""} />
        </p>
      </>
    );
  }
  const { flows_count, jobs_count } = contents;
  return (
    <>
      {t("flows", { count: flows_count, shown: formatCount(flows_count) })},{" "}
      {t("jobs", { count: jobs_count, shown: formatCount(jobs_count) })}
    </>
  );
}
