import { useMemo, useState } from "react";
import { useJournal, type JobDetail, type JournalEntry } from "@/api";
import {
  CodeView,
  CopyButton,
  DataTable,
  ErrorPanel,
  formatClock,
  formatExact,
  Loading,
  SplitPane,
  type Column,
} from "@/design";
import { ListFoot } from "@/features/lists/ListFoot";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";
import { eventDetails, eventName } from "./journalWords";

type Row = JournalEntry & { id: number };

export function JobJournal({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const journal = useJournal(job.id);
  const [chosen, setChosen] = useState<number>();
  const rows = useMemo(() => journal.rows.map((it) => ({ ...it, id: it.seq })), [journal.rows]);
  const columns = useJournalColumns();
  const selected = rows.find(({ id }) => id === chosen) ?? rows[0];
  if (journal.error) return <ErrorPanel error={journal.error} onRetry={journal.retry} />;
  if (journal.loading) return <Loading />;
  return (
    <SplitPane name="journal" side={selected && <Entry entry={selected} />}>
      <DataTable
        label={t("journal.list")}
        rows={rows}
        columns={columns}
        selected={selected?.id}
        onOpen={({ id }) => setChosen(id)}
        onMove={({ id }) => setChosen(id)}
        onEnd={journal.loadMore}
        foot={<ListFoot query={journal} />}
        empty={<p className={`muted ${classes.journal}`}>{t("journal.none")}</p>}
      />
    </SplitPane>
  );
}

function useJournalColumns(): Column<Row>[] {
  const { t } = useTranslation("jobs");
  return useMemo(
    () => [
      {
        id: "seq",
        header: t("journal.seq"),
        width: 72,
        cell: ({ seq }) => <span className="mono muted">{seq}</span>,
      },
      {
        id: "time",
        header: t("journal.time"),
        width: 120,
        cell: ({ at }) => (
          <span className="mono muted" title={formatExact(at)}>
            {formatClock(at)}
          </span>
        ),
      },
      {
        id: "event",
        header: t("journal.event"),
        width: 190,
        cell: ({ event }) => <span className="strong">{eventName(event)}</span>,
      },
      {
        id: "details",
        header: t("journal.details"),
        fromWidth: 520,
        cell: ({ event }) => <span className="mono muted">{eventDetails(event)}</span>,
      },
    ],
    [t],
  );
}

function Entry({ entry }: { entry: Row }) {
  const { t } = useTranslation("jobs");
  const text = JSON.stringify(entry.event, null, 2);
  return (
    <div className={classes.journal}>
      <div className={classes.sectionTitle}>
        <h2>{eventName(entry.event)}</h2>
        <CopyButton text={text} label={t("journal.copy")} />
      </div>
      <CodeView label={eventName(entry.event)} text={text} language="json" />
    </div>
  );
}
