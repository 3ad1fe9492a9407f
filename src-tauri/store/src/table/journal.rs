//! The journal: the append-only events of jobs.

use hookloom_model::JobId;
use hookloom_model::journal::{Event, JournalEntry};
use rusqlite::Connection;

use super::columns;
use crate::error::Error;

// No foreign key: every event would look its job up again, and only the inbox and the journal port write here,
// each after it has touched the job's row.
pub(crate) const SQL: &str = "
CREATE TABLE journal (
    job_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    -- For entries: a job's events lie together.
    PRIMARY KEY (job_id, seq)
) STRICT, WITHOUT ROWID;
";

pub(crate) fn append(
    conn: &Connection,
    job_id: JobId,
    seq: u64,
    at_ms: i64,
    event: &Event,
) -> Result<(), Error> {
    conn.prepare_cached("INSERT INTO journal (job_id, seq, at_ms, event) VALUES (?1, ?2, ?3, ?4)")?
        .execute((
            job_id.0,
            seq,
            at_ms,
            columns::to_json("journal.event", event)?,
        ))?;
    Ok(())
}

/// At most `limit` events, in order, from `seq` on.
pub(crate) fn entries(
    conn: &Connection,
    job_id: JobId,
    from_seq: u64,
    limit: u32,
) -> Result<Vec<JournalEntry>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, at_ms, event FROM journal WHERE job_id = ?1 AND seq >= ?2
         ORDER BY seq LIMIT ?3",
    )?;
    let rows = statement.query_map((job_id.0, from_seq, limit), |row| {
        Ok(JournalEntry {
            seq: row.get(0)?,
            at_ms: row.get(1)?,
            event: columns::json(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every event of a job.
pub(crate) fn delete(conn: &Connection, job_id: JobId) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM journal WHERE job_id = ?1")?
        .execute([job_id.0])?;
    Ok(())
}
