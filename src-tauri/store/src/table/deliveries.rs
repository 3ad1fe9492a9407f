//! Deliveries: messages of webhook tasks, and when each is tried next.

use hookloom_engine::ports::{DeliveryRow, NewDelivery};
use hookloom_model::journal::RecordedError;
use hookloom_model::{DeliveryId, DeliveryStatus, FlowId, JobId, TaskId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE deliveries (
    -- The order in which they were made: what lists page by.
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    job_id INTEGER NOT NULL,
    flow_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    task TEXT NOT NULL,
    event TEXT NOT NULL,
    output TEXT,
    status TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    validate_ssl INTEGER NOT NULL CHECK (validate_ssl IN (0, 1)),
    attempts_max INTEGER NOT NULL,
    -- Interrupted attempts are in the total, and do not count.
    attempts_total INTEGER NOT NULL DEFAULT 0,
    attempts_counted INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    -- NULL: under way, or ended.
    next_attempt_at_ms INTEGER,
    -- Of the last attempt.
    http_status INTEGER,
    duration_ms INTEGER,
    error_code TEXT,
    error_message TEXT,
    error_at_ms INTEGER,
    -- A person sent it once more: a disabled task does not keep it back.
    resend_of BLOB
) STRICT;
-- For by_id.
CREATE UNIQUE INDEX deliveries_by_id ON deliveries (id);
-- For of_job and counts_of_jobs.
CREATE INDEX deliveries_by_job ON deliveries (job_id);
-- For numbers_before; like the one of jobs.
CREATE INDEX deliveries_by_flow_status ON deliveries (flow_id, status);
-- For due, next_due_at_ms and cancel_open: by task, so that a slow receiver's backlog is passed over at once.
CREATE INDEX deliveries_open ON deliveries (task_id, next_attempt_at_ms)
    WHERE next_attempt_at_ms IS NOT NULL;
-- For under_way, after a crash.
CREATE INDEX deliveries_sending ON deliveries (n) WHERE status = 'sending';
";

/// A delivery as lists and its page show it, without its attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The order in which they were made, for cursors.
    pub n: i64,
    /// Its id.
    pub id: DeliveryId,
    /// Its job.
    pub job_id: JobId,
    /// Its flow.
    pub flow_id: FlowId,
    /// The flow's name.
    pub flow: String,
    /// The version whose task is sent.
    pub version: i64,
    /// The task's id.
    pub task_id: TaskId,
    /// The task's name.
    pub task: String,
    /// The task's event, by its name in the document.
    pub event: String,
    /// The output that it is about.
    pub output: Option<String>,
    /// Where it is.
    pub status: DeliveryStatus,
    /// GET, POST, …
    pub method: String,
    /// The task's URL as it is written.
    pub url: String,
    /// Whether certificates are checked.
    pub validate_ssl: bool,
    /// How often it is tried at most.
    pub attempts_max: u32,
    /// The number of the last attempt, interrupted ones included.
    pub attempts_total: u32,
    /// Attempts that count so far.
    pub attempts_counted: u32,
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// Unix milliseconds.
    pub next_attempt_at_ms: Option<i64>,
    /// The last answer's status.
    pub http_status: Option<u16>,
    /// How long the last attempt took.
    pub duration_ms: Option<i64>,
    /// Why the last attempt failed or the delivery was canceled, and when.
    pub error: Option<(RecordedError, i64)>,
    /// The delivery that it repeats.
    pub resend_of: Option<DeliveryId>,
    /// Whether its task is switched off beside the document.
    pub task_disabled: bool,
}

const ROW: &str = "n, id, job_id, flow_id,
    COALESCE((SELECT name FROM flows WHERE flows.id = deliveries.flow_id), ''), version, task_id,
    task, event, output, status, method, url, validate_ssl, attempts_max, attempts_total,
    attempts_counted, created_at_ms, next_attempt_at_ms, http_status, duration_ms, error_code,
    error_message, error_at_ms, resend_of,
    NOT COALESCE((SELECT enabled FROM webhook_tasks AS t WHERE t.id = deliveries.task_id), 1)";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredDelivery> {
    let error = match (row.get(21)?, row.get(22)?, row.get(23)?) {
        (Some(code), Some(message), Some(at_ms)) => Some((RecordedError { code, message }, at_ms)),
        _ => None,
    };
    Ok(StoredDelivery {
        n: row.get(0)?,
        id: columns::id(row, 1, DeliveryId::from_bytes)?,
        job_id: JobId(row.get(2)?),
        flow_id: FlowId(row.get(3)?),
        flow: row.get(4)?,
        version: row.get(5)?,
        task_id: TaskId(row.get(6)?),
        task: row.get(7)?,
        event: row.get(8)?,
        output: row.get(9)?,
        status: columns::name(row, 10)?,
        method: row.get(11)?,
        url: row.get(12)?,
        validate_ssl: row.get(13)?,
        attempts_max: row.get(14)?,
        attempts_total: row.get(15)?,
        attempts_counted: row.get(16)?,
        created_at_ms: row.get(17)?,
        next_attempt_at_ms: row.get(18)?,
        http_status: row.get(19)?,
        duration_ms: row.get(20)?,
        error,
        resend_of: columns::id_if_any(row, 24, DeliveryId::from_bytes)?,
        task_disabled: row.get(25)?,
    })
}

/// What the engine needs of it.
pub(crate) fn for_engine(row: StoredDelivery) -> DeliveryRow {
    DeliveryRow {
        id: row.id,
        job_id: row.job_id,
        flow_id: row.flow_id,
        version: row.version,
        task_id: row.task_id,
        task: row.task,
        output: row.output,
        status: row.status,
        attempts_counted: row.attempts_counted,
        attempts_total: row.attempts_total,
        attempts_max: row.attempts_max,
    }
}

/// Where a new delivery belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) job_id: JobId,
    pub(crate) flow_id: FlowId,
    pub(crate) version: i64,
    pub(crate) task_id: TaskId,
}

pub(crate) fn insert(
    conn: &Connection,
    owner: Owner,
    new: &NewDelivery,
    resend_of: Option<DeliveryId>,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO deliveries (id, job_id, flow_id, version, task_id, task, event, output,
            status, method, url, validate_ssl, attempts_max, created_at_ms, next_attempt_at_ms,
            resend_of)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?10, ?11, ?12, ?13, ?13, ?14)",
    )?
    .execute(rusqlite::params![
        new.id.to_bytes(),
        owner.job_id.0,
        owner.flow_id.0,
        owner.version,
        owner.task_id.0,
        new.task,
        new.event,
        new.output,
        new.method,
        new.url,
        new.validate_ssl,
        new.attempts_max,
        new.due_at_ms,
        resend_of.map(DeliveryId::to_bytes),
    ])?;
    Ok(())
}

pub(crate) fn by_id(conn: &Connection, id: DeliveryId) -> Result<Option<StoredDelivery>, Error> {
    let sql = format!("SELECT {ROW} FROM deliveries WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// The delivery, or the error that says that there is none.
pub(crate) fn with_id(conn: &Connection, id: DeliveryId) -> Result<StoredDelivery, Error> {
    by_id(conn, id)?.ok_or_else(|| Error::not_found(format!("the delivery {id}")))
}

/// In the order in which they were made.
pub(crate) fn of_job(conn: &Connection, job_id: JobId) -> Result<Vec<StoredDelivery>, Error> {
    let sql = format!("SELECT {ROW} FROM deliveries WHERE job_id = ?1 ORDER BY n");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([job_id.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn page_sql() -> String {
    format!("SELECT {ROW} FROM deliveries WHERE n < ?1 ORDER BY n DESC LIMIT ?2")
}

/// Newest first, those before the cursor, whatever they are.
pub(crate) fn page(
    conn: &Connection,
    before: i64,
    limit: u32,
) -> Result<Vec<StoredDelivery>, Error> {
    let mut statement = conn.prepare_cached(&page_sql())?;
    let rows = statement.query_map((before, limit), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_number(conn: &Connection, n: i64) -> Result<Option<StoredDelivery>, Error> {
    let sql = format!("SELECT {ROW} FROM deliveries WHERE n = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([n], read).optional()?)
}

pub(crate) const NUMBERS_BEFORE_SQL: &str = "SELECT n FROM deliveries
    WHERE flow_id = ?1 AND status = ?2 AND n < ?3 ORDER BY n DESC LIMIT ?4";

/// Numbers of a flow's deliveries in one state, newest first.
pub(crate) fn numbers_before(
    conn: &Connection,
    flow_id: FlowId,
    status: DeliveryStatus,
    before: i64,
    limit: u32,
) -> Result<Vec<i64>, Error> {
    let mut statement = conn.prepare_cached(NUMBERS_BEFORE_SQL)?;
    let found = statement.query_map((flow_id.0, status.as_str(), before, limit), |row| {
        row.get(0)
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many deliveries of these jobs are in which state.
pub(crate) fn counts_of_jobs(
    conn: &Connection,
    jobs: &[JobId],
) -> Result<Vec<(JobId, DeliveryStatus, u64)>, Error> {
    let jobs = columns::to_json("ids of jobs", &jobs)?;
    let mut statement = conn.prepare_cached(
        "SELECT job_id, status, COUNT(*) FROM deliveries
         WHERE job_id IN (SELECT value FROM json_each(?1)) GROUP BY job_id, status",
    )?;
    let rows = statement.query_map([jobs], |row| {
        Ok((JobId(row.get(0)?), columns::name(row, 1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) const NEXT_OPEN_TASK_SQL: &str = "SELECT MIN(task_id) FROM deliveries
    WHERE next_attempt_at_ms IS NOT NULL AND task_id > ?1";

/// Tasks with deliveries that wait for an attempt: one search for each.
/// How many are in a state that is no end.
pub(crate) fn count_in(conn: &Connection, status: DeliveryStatus) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT COUNT(*) FROM flows
         JOIN deliveries ON deliveries.flow_id = flows.id AND deliveries.status = ?1",
    )?;
    Ok(statement.query_row([status.as_str()], |row| row.get(0))?)
}

pub(crate) fn open_tasks(conn: &Connection, except: &[TaskId]) -> Result<Vec<TaskId>, Error> {
    let mut statement = conn.prepare_cached(NEXT_OPEN_TASK_SQL)?;
    let mut tasks = Vec::new();
    let mut last = i64::MIN;
    while let Some(task) = statement.query_row([last], |row| row.get::<_, Option<i64>>(0))? {
        if !except.contains(&TaskId(task)) {
            tasks.push(TaskId(task));
        }
        last = task;
    }
    Ok(tasks)
}

pub(crate) fn due_sql() -> String {
    format!(
        "SELECT {ROW} FROM deliveries WHERE task_id = ?1 AND next_attempt_at_ms <= ?2
         ORDER BY next_attempt_at_ms LIMIT ?3"
    )
}

/// A task's deliveries that are due, the longest due first, each with its time.
pub(crate) fn due(
    conn: &Connection,
    task_id: TaskId,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<(i64, StoredDelivery)>, Error> {
    let mut statement = conn.prepare_cached(&due_sql())?;
    let rows = statement.query_map((task_id.0, now_ms, limit), |row| {
        read(row).map(|delivery| (delivery.next_attempt_at_ms.unwrap_or(now_ms), delivery))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) const NEXT_DUE_SQL: &str = "SELECT MIN(next_attempt_at_ms) FROM deliveries
    WHERE task_id = ?1 AND next_attempt_at_ms IS NOT NULL";

pub(crate) fn next_due_at_ms(conn: &Connection, task_id: TaskId) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached(NEXT_DUE_SQL)?;
    Ok(statement.query_row([task_id.0], |row| row.get(0))?)
}

/// Deliveries with an attempt under way.
pub(crate) fn under_way(conn: &Connection) -> Result<Vec<StoredDelivery>, Error> {
    let sql = format!("SELECT {ROW} FROM deliveries WHERE status = 'sending' ORDER BY n");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An attempt begins.
pub(crate) fn begin(conn: &Connection, n: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE deliveries SET status = 'sending', next_attempt_at_ms = NULL,
            attempts_total = attempts_total + 1 WHERE n = ?1",
    )?
    .execute([n])?;
    Ok(())
}

/// What an attempt leaves in its delivery.
pub(crate) struct After<'a> {
    pub(crate) status: DeliveryStatus,
    pub(crate) next_attempt_at_ms: Option<i64>,
    pub(crate) counts: bool,
    pub(crate) http_status: Option<u16>,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) error: Option<&'a RecordedError>,
    pub(crate) at_ms: i64,
}

/// An attempt ended.
pub(crate) fn end(conn: &Connection, n: i64, after: &After<'_>) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE deliveries SET status = ?2, next_attempt_at_ms = ?3,
            attempts_counted = attempts_counted + ?4, http_status = ?5, duration_ms = ?6,
            error_code = ?7, error_message = ?8, error_at_ms = ?9 WHERE n = ?1",
    )?
    .execute(rusqlite::params![
        n,
        after.status.as_str(),
        after.next_attempt_at_ms,
        after.counts,
        after.http_status,
        after.duration_ms,
        after.error.map(|error| &error.code),
        after.error.map(|error| &error.message),
        after.error.map(|_| after.at_ms),
    ])?;
    Ok(())
}

/// Cancels what waits for an attempt of the task, except what a person sent once more. Gives their ids and jobs.
pub(crate) fn cancel_open(
    conn: &Connection,
    task_id: TaskId,
    reason: &RecordedError,
    at_ms: i64,
) -> Result<Vec<(DeliveryId, JobId)>, Error> {
    let mut statement = conn.prepare_cached(
        "UPDATE deliveries SET status = 'canceled', next_attempt_at_ms = NULL, error_code = ?2,
            error_message = ?3, error_at_ms = ?4
         WHERE task_id = ?1 AND next_attempt_at_ms IS NOT NULL AND resend_of IS NULL
         RETURNING id, job_id",
    )?;
    let rows = statement.query_map((task_id.0, &reason.code, &reason.message, at_ms), |row| {
        Ok((
            columns::id(row, 0, DeliveryId::from_bytes)?,
            JobId(row.get(1)?),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a delivery of the job has not ended.
pub(crate) fn is_open(conn: &Connection, job_id: JobId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM deliveries WHERE job_id = ?1 AND status IN ('pending', 'sending', 'waiting')",
    )?;
    Ok(statement.exists([job_id.0])?)
}

/// How many deliveries are gone.
pub(crate) struct Gone {
    pub(crate) all: i64,
    pub(crate) failed: i64,
}

/// Every delivery of a job; their attempts before.
pub(crate) fn delete_of_job(conn: &Connection, job_id: JobId) -> Result<Gone, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT COUNT(*), COALESCE(SUM(status = 'failed'), 0) FROM deliveries WHERE job_id = ?1",
    )?;
    let gone = statement.query_row([job_id.0], |row| {
        Ok(Gone {
            all: row.get(0)?,
            failed: row.get(1)?,
        })
    })?;
    if gone.all > 0 {
        conn.prepare_cached("DELETE FROM deliveries WHERE job_id = ?1")?
            .execute([job_id.0])?;
    }
    Ok(gone)
}
