/** The newest release: what changed, and the package that would be downloaded. */
import { Button, NativeSelect } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { downloadUpdate, type FoundRelease, type Updates } from "@/api";
import { CopyButton, Facts, formatBytes, RelativeTime, useAction } from "@/design";
import { putAway } from "@/frame/seenRelease";
import { useTranslation } from "@/i18n";
import classes from "../Settings.module.css";
import { fitting, usual } from "./packages";

interface FoundProps {
  found: FoundRelease;
  updates: Updates;
}

export function Found({ found, updates }: FoundProps) {
  const { t } = useTranslation("updates");
  const { version, is_newer, notes, notes_url } = found;
  const words = useRef<HTMLParagraphElement>(null);
  // Whoever has seen it here needs no sign that points here.
  useEffect(() => {
    if (!is_newer || !words.current) return;
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) putAway(version);
    });
    watch.observe(words.current);
    return () => watch.disconnect();
  }, [is_newer, version]);
  return (
    <>
      <p ref={words} className="strong">
        {t(is_newer ? "newer" : "newest", { version })}
      </p>
      <Facts
        facts={[
          { name: t("released"), value: <RelativeTime at={found.released_at} /> },
          { name: t("looked"), value: <RelativeTime at={found.found_at} /> },
          {
            name: t("notesUrl"),
            value: is_newer && notes_url && (
              <span className={classes.row}>
                <span className="mono">{notes_url}</span>
                <CopyButton text={notes_url} label={t("copyNotesUrl")} />
              </span>
            ),
          },
        ]}
      />
      {is_newer && notes && (
        <details open>
          <summary>{t("notes")}</summary>
          <pre className={classes.notes}>{notes}</pre>
        </details>
      )}
      {is_newer && <Offer found={found} updates={updates} />}
    </>
  );
}

function Offer({ found, updates }: FoundProps) {
  const { t } = useTranslation("updates");
  const [chosen, setChosen] = useState<string>();
  const packages = fitting(found);
  const kind = chosen ?? usual(found, updates.package_kind) ?? packages[0]?.kind;
  const begin = useAction({
    run: (wanted: string) => downloadUpdate(wanted),
    stale: () => ["updates"],
  });
  if (kind === undefined) return <p>{t("noPackage")}</p>;
  return (
    <div className={classes.fields}>
      <NativeSelect
        label={t("choose")}
        description={t("chooseHint")}
        value={kind}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        data={packages.map((it) => ({
          value: it.kind,
          label: t("packageSize", { kind: it.kind, size: formatBytes(it.bytes) }),
        }))}
      />
      <Button
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={begin.isPending}
        disabled={updates.download?.state === "running"}
        onClick={() => begin.mutate(kind)}
      >
        {t("download")}
      </Button>
    </div>
  );
}
