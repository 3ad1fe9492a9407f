//! Jobs: the projection of their journals that lists and the engine's fence need.

use hookloom_engine::ports::{Commit, JobStart};
use hookloom_model::journal::{Event, RecordedError};
use hookloom_model::{FlowId, JobId, JobStatus, RequestId, TriggerKind};
use rusqlite::{Connection, OptionalExtension, Row};

use super::columns;
use crate::error::Error;
use crate::tally::Happened;
use crate::tx::Tx;

// No foreign keys: a flow's row is never deleted, and each would cost a search for every accepted request.
pub(crate) const SQL: &str = "
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id BLOB NOT NULL,
    flow_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    trigger TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    queued_at_ms INTEGER NOT NULL,
    started_at_ms INTEGER,
    ended_at_ms INTEGER,
    waiting_until_ms INTEGER,
    -- The seq of the next event: the fence of the journal.
    next_seq INTEGER NOT NULL,
    error_code TEXT,
    error_message TEXT,
    error_at_ms INTEGER,
    -- What it runs again: an earlier job, and the request whose headers and body it has.
    replay_of INTEGER,
    replayed_request_id BLOB
) STRICT;
-- For ids_before: the one index of this table. A filter by flow or by status alone merges a few searches of it,
-- because an index for each would be paid with every event of every job.
CREATE INDEX jobs_by_flow_status ON jobs (flow_id, status);
-- For runs_again. Jobs that replay nothing, the many, cost nothing here.
CREATE INDEX jobs_by_replayed_request ON jobs (replayed_request_id)
    WHERE replayed_request_id IS NOT NULL;
-- For delete_trials_before of flow_versions. Only jobs of drafts are in here.
CREATE INDEX jobs_by_trial ON jobs (flow_id, version) WHERE version < 0;
";

/// A job's row.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// The call that began it.
    pub request_id: RequestId,
    /// Whose job.
    pub flow_id: FlowId,
    /// The flow's name.
    pub flow: String,
    /// The title of the version that it is pinned to.
    pub flow_title: Option<String>,
    /// The version that it is pinned to.
    pub version: i64,
    /// Where it is.
    pub status: JobStatus,
    /// What started it.
    pub trigger: TriggerKind,
    /// The endpoint, schedule or person behind the trigger.
    pub trigger_name: String,
    /// Unix milliseconds.
    pub queued_at_ms: i64,
    /// Unix milliseconds.
    pub started_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub ended_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub waiting_until_ms: Option<i64>,
    /// Its error, and when.
    pub error: Option<(RecordedError, i64)>,
    /// How many events its journal has.
    pub next_seq: u64,
    /// The job that it runs again, or continues.
    pub replay_of: Option<JobId>,
    /// The request whose headers and body it has, if that is not the call that began it.
    pub replayed_request_id: Option<RequestId>,
}

const ROW: &str = "jobs.id, request_id, jobs.flow_id,
    COALESCE((SELECT name FROM flows WHERE flows.id = jobs.flow_id), ''),
    (SELECT title FROM flow_versions AS v WHERE v.flow_id = jobs.flow_id AND v.version = jobs.version),
    jobs.version, status, trigger, trigger_name, queued_at_ms, started_at_ms, ended_at_ms,
    waiting_until_ms, error_code, error_message, error_at_ms, next_seq,
    replay_of, replayed_request_id";

fn read(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    let error = match (row.get(13)?, row.get(14)?, row.get(15)?) {
        (Some(code), Some(message), Some(at_ms)) => Some((RecordedError { code, message }, at_ms)),
        _ => None,
    };
    Ok(JobRow {
        id: JobId(row.get(0)?),
        request_id: columns::id(row, 1, RequestId::from_bytes)?,
        flow_id: FlowId(row.get(2)?),
        flow: row.get(3)?,
        flow_title: row.get(4)?,
        version: row.get(5)?,
        status: columns::name(row, 6)?,
        trigger: columns::name(row, 7)?,
        trigger_name: row.get(8)?,
        queued_at_ms: row.get(9)?,
        started_at_ms: row.get(10)?,
        ended_at_ms: row.get(11)?,
        waiting_until_ms: row.get(12)?,
        error,
        next_seq: row.get(16)?,
        replay_of: row.get::<_, Option<i64>>(17)?.map(JobId),
        replayed_request_id: columns::id_if_any(row, 18, RequestId::from_bytes)?,
    })
}

pub(crate) fn insert(conn: &Connection, start: &JobStart) -> Result<JobId, Error> {
    let (trigger, trigger_name) = match &start.queued {
        Event::JobQueued {
            trigger,
            trigger_name,
            ..
        } => (*trigger, trigger_name),
        other => {
            return Err(Error::Internal {
                what: format!("a job cannot begin with {other:?}"),
            });
        }
    };
    let replays = start.origin.replays();
    conn.prepare_cached(
        "INSERT INTO jobs (request_id, flow_id, version, status, trigger, trigger_name,
            queued_at_ms, next_seq, replay_of, replayed_request_id)
         VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute((
        start.request_id.to_bytes(),
        start.flow_id.0,
        start.version,
        trigger.as_str(),
        trigger_name,
        start.at_ms,
        1 + start.origin.taken_over.len(),
        replays.and_then(|replays| replays.job).map(|id| id.0),
        replays
            .and_then(|replays| replays.request)
            .map(RequestId::to_bytes),
    ))?;
    Ok(JobId(conn.last_insert_rowid()))
}

/// What a job's events change in its row, where its fence allows it.
pub(crate) fn advance(conn: &Connection, commit: &Commit) -> Result<(), Error> {
    let (mut started_at_ms, mut ended_at_ms) = (None, None);
    for entry in &commit.entries {
        match entry.event {
            Event::JobStarted {} => started_at_ms = started_at_ms.or(Some(entry.at_ms)),
            Event::JobFinished { .. } => ended_at_ms = Some(entry.at_ms),
            _ => {}
        }
    }
    let last_at_ms = commit.entries.last().map(|entry| entry.at_ms);
    let first_seq = commit.entries.first().map(|entry| entry.seq);
    let changed = conn
        .prepare_cached(
            "UPDATE jobs SET status = ?2, started_at_ms = COALESCE(started_at_ms, ?3),
                ended_at_ms = ?4, waiting_until_ms = ?5, next_seq = next_seq + ?6,
                error_code = ?7, error_message = ?8,
                error_at_ms = CASE WHEN ?7 IS NULL THEN NULL ELSE COALESCE(error_at_ms, ?9) END
             WHERE id = ?1 AND ended_at_ms IS NULL AND next_seq = COALESCE(?10, next_seq)",
        )?
        .execute(rusqlite::params![
            commit.job_id.0,
            commit.status.as_str(),
            started_at_ms,
            ended_at_ms,
            commit.waiting_until_ms,
            commit.entries.len(),
            commit.error.as_ref().map(|error| &error.code),
            commit.error.as_ref().map(|error| &error.message),
            last_at_ms,
            first_seq,
        ])?;
    if changed == 1 {
        return Ok(());
    }
    Err(match by_id(conn, commit.job_id)? {
        None => Error::not_found(format!("job {}", commit.job_id)),
        Some(job) => Error::JournalConflict {
            job_id: commit.job_id,
            expected: first_seq.unwrap_or(job.next_seq),
            found: job.next_seq,
        },
    })
}

/// A job whose record cannot be followed has failed. Its journal, and with it the fence, stays as it is. Gives whether
/// this ended it.
pub(crate) fn park(
    conn: &Connection,
    id: JobId,
    error: &RecordedError,
    at_ms: i64,
) -> Result<bool, Error> {
    let changed = conn
        .prepare_cached(
            "UPDATE jobs SET status = 'failed', ended_at_ms = ?2, waiting_until_ms = NULL,
                error_code = ?3, error_message = ?4, error_at_ms = ?2
             WHERE id = ?1 AND ended_at_ms IS NULL",
        )?
        .execute((id.0, at_ms, &error.code, &error.message))?;
    Ok(changed == 1)
}

/// Counts the end of a job that was just written. One of a draft says nothing of how things go.
pub(crate) fn tell_end(tx: &Tx<'_>, id: JobId) -> Result<(), Error> {
    let mut statement = tx.prepare_cached(
        "SELECT status, ended_at_ms - started_at_ms FROM jobs WHERE id = ?1 AND version >= 0",
    )?;
    let ended = statement.query_row([id.0], |row| Ok((columns::name(row, 0)?, row.get(1)?)));
    if let Some((status, took_ms)) = ended.optional()? {
        tx.happened(Happened::JobEnded { status, took_ms });
    }
    Ok(())
}

/// How many are in a state that is no end.
pub(crate) fn count_in(conn: &Connection, status: JobStatus) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT COUNT(*) FROM flows JOIN jobs ON jobs.flow_id = flows.id AND jobs.status = ?1",
    )?;
    Ok(statement.query_row([status.as_str()], |row| row.get(0))?)
}

pub(crate) fn by_id(conn: &Connection, id: JobId) -> Result<Option<JobRow>, Error> {
    let sql = format!("SELECT {ROW} FROM jobs WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([id.0], read).optional()?)
}

/// Whose job, and the version that it is pinned to.
pub(crate) fn flow_of(conn: &Connection, id: JobId) -> Result<Option<(FlowId, i64)>, Error> {
    let mut statement = conn.prepare_cached("SELECT flow_id, version FROM jobs WHERE id = ?1")?;
    Ok(statement
        .query_row([id.0], |row| Ok((FlowId(row.get(0)?), row.get(1)?)))
        .optional()?)
}

/// Newest first, those before the cursor, whatever they are.
pub(crate) fn page(conn: &Connection, before: i64, limit: u32) -> Result<Vec<JobRow>, Error> {
    let mut statement = conn.prepare_cached(&page_sql())?;
    let rows = statement.query_map((before, limit), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn page_sql() -> String {
    format!("SELECT {ROW} FROM jobs WHERE jobs.id < ?1 ORDER BY jobs.id DESC LIMIT ?2")
}

pub(crate) const IDS_BEFORE_SQL: &str = "SELECT id FROM jobs
    WHERE flow_id = ?1 AND status = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";

/// Ids of a flow's jobs in one state, newest first.
pub(crate) fn ids_before(
    conn: &Connection,
    flow_id: FlowId,
    status: JobStatus,
    before: i64,
    limit: u32,
) -> Result<Vec<i64>, Error> {
    let mut statement = conn.prepare_cached(IDS_BEFORE_SQL)?;
    let ids = statement.query_map((flow_id.0, status.as_str(), before, limit), |row| {
        row.get(0)
    })?;
    Ok(ids.collect::<Result<_, _>>()?)
}

pub(crate) const IDS_AFTER_SQL: &str = "SELECT id FROM jobs
    WHERE flow_id = ?1 AND status = ?2 AND id > ?3 ORDER BY id LIMIT ?4";

/// Ids of a flow's jobs in one state, oldest first.
pub(crate) fn ids_after(
    conn: &Connection,
    flow_id: FlowId,
    status: JobStatus,
    after: JobId,
    limit: u32,
) -> Result<Vec<i64>, Error> {
    let mut statement = conn.prepare_cached(IDS_AFTER_SQL)?;
    let ids = statement.query_map((flow_id.0, status.as_str(), after.0, limit), |row| {
        row.get(0)
    })?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// How many of a flow's jobs have not ended.
pub(crate) fn count_unfinished(conn: &Connection, flow_id: FlowId) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT COUNT(*) FROM jobs WHERE flow_id = ?1
            AND status IN ('queued', 'running', 'waiting')",
    )?;
    Ok(statement.query_row([flow_id.0], |row| row.get(0))?)
}

/// Rows that came after a time end the search for those before it when there are so many in a row.
pub(crate) const NEWER_MAX: u32 = 1_000;

/// A job as a sweep of old history sees it.
pub(crate) struct OldJob {
    pub(crate) id: JobId,
    pub(crate) request_id: RequestId,
    pub(crate) ended_at_ms: Option<i64>,
}

/// Old jobs in the order in which they came, after the given one. Newer ones between them, from a clock that was wrong, are
/// passed over, [`NEWER_MAX`] in a row.
pub(crate) fn oldest(
    conn: &Connection,
    after: i64,
    until_ms: i64,
    limit: u32,
) -> Result<Vec<OldJob>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, request_id, ended_at_ms FROM
            (SELECT id, request_id, ended_at_ms, queued_at_ms FROM jobs WHERE id > ?1 ORDER BY id LIMIT ?3)
         WHERE queued_at_ms <= ?4 LIMIT ?2",
    )?;
    let mut rows = statement.query((after, limit, NEWER_MAX, until_ms))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(OldJob {
            id: JobId(row.get(0)?),
            request_id: columns::id(row, 1, RequestId::from_bytes)?,
            ended_at_ms: row.get(2)?,
        });
    }
    Ok(found)
}

/// The latest time among the last jobs. A clock that went back makes it another than that of the last one.
pub(crate) fn newest_queued_at(conn: &Connection) -> Result<Option<i64>, Error> {
    let sql =
        "SELECT MAX(queued_at_ms) FROM (SELECT queued_at_ms FROM jobs ORDER BY id DESC LIMIT 1000)";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The oldest jobs: when the last of them came, and how many there are of as many as were asked for.
pub(crate) fn first(conn: &Connection, n: u32) -> Result<(Option<i64>, u32), Error> {
    let mut statement = conn.prepare_cached(
        "SELECT MAX(queued_at_ms), COUNT(*) FROM (SELECT queued_at_ms FROM jobs ORDER BY id LIMIT ?1)",
    )?;
    Ok(statement.query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

pub(crate) fn exists(conn: &Connection, id: JobId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM jobs WHERE id = ?1")?;
    Ok(statement.exists([id.0])?)
}

/// Whether a job has the headers and the body of this request, which another one began.
pub(crate) fn runs_again(conn: &Connection, request: RequestId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM jobs WHERE replayed_request_id = ?1")?;
    Ok(statement.exists([request.to_bytes()])?)
}

pub(crate) fn delete(conn: &Connection, id: JobId) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM jobs WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}
