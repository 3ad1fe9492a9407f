/** What the history takes on the disk, of what it consists, and how long it is kept. */
import { useStorage, type Storage } from "@/api";
import { ErrorPanel, Facts, formatBytes, formatCount, Loading, RelativeTime } from "@/design";
import { useTranslation } from "@/i18n";
import { RetentionForm } from "./RetentionForm";
import classes from "./Settings.module.css";

const PARTS = ["database_bytes", "files_bytes", "free_bytes"] as const;

export function StorageSettings() {
  const { data, error, refetch } = useStorage();
  if (!data) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  return (
    <>
      <Used storage={data} />
      <RetentionForm retention={data.retention} />
    </>
  );
}

function Used({ storage }: { storage: Storage }) {
  const { t } = useTranslation("settings");
  const all = PARTS.reduce((sum, part) => sum + storage[part], 0);
  const counted = (["jobs", "requests", "deliveries"] as const).map((each) => {
    const count = storage[`${each}_count`];
    return t(`data.${each}`, { count, shown: formatCount(count) });
  });
  return (
    <>
      <p>
        <span className="strong">{formatBytes(all)}</span>{" "}
        <span className="muted">{t("storage.onDisk")}</span>
      </p>
      <div className={classes.bar} aria-hidden>
        {PARTS.filter((part) => storage[part] > 0).map((part) => (
          <span key={part} data-part={part} style={{ flexGrow: storage[part] }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label={t("storage.parts")}>
        {PARTS.map((part) => (
          <li key={part}>
            <span className={classes.dot} data-part={part} aria-hidden />
            {t(`storage.${part}`)} <span className="num">{formatBytes(storage[part])}</span>
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          { name: t("data.counts"), value: counted.join(", ") },
          {
            name: t("storage.oldest"),
            value: storage.oldest_at && <RelativeTime at={storage.oldest_at} />,
          },
        ]}
      />
    </>
  );
}
