/** How often a backup is made by itself, and how many of those are kept. A choice counts at once. */
import { NativeSelect } from "@mantine/core";
import { setBackupSchedule, type BackupSchedule as Schedule } from "@/api";
import { useAction } from "@/design";
import { useTranslation } from "@/i18n";

const KEEP = [3, 7, 14, 30];

export function BackupSchedule({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation("backup");
  const save = useAction({
    run: (next: Schedule) => setBackupSchedule(next),
    stale: () => ["backups"],
    done: () => t("scheduleDone"),
  });
  // What is set by the command line may be any number.
  const keep = [...new Set([...KEEP, schedule.keep])].sort((one, other) => one - other);
  return (
    <>
      <NativeSelect
        label={t("every")}
        value={schedule.every}
        disabled={save.isPending}
        onChange={({ currentTarget }) =>
          save.mutate({ ...schedule, every: currentTarget.value as Schedule["every"] })
        }
        data={[
          { value: "off", label: t("everyOff") },
          { value: "day", label: t("everyDay") },
          { value: "week", label: t("everyWeek") },
        ]}
      />
      {schedule.every !== "off" && (
        <NativeSelect
          label={t("keep")}
          title={t("keepHint")}
          value={String(schedule.keep)}
          disabled={save.isPending}
          onChange={({ currentTarget }) =>
            save.mutate({ ...schedule, keep: Number(currentTarget.value) })
          }
          data={keep.map(String)}
        />
      )}
    </>
  );
}
