//! Callers' keys: which request was the first with one. Kept seven days.

use hookloom_engine::ports::Answered;
use hookloom_model::document::Mode;
use hookloom_model::{FlowId, JobId, RequestId};
use rusqlite::{Connection, OptionalExtension};

use super::columns;
use crate::error::Error;

/// Requests that tell the time together when keys are deleted.
const LAST_REQUESTS: u32 = 100;

/// A key that is older begins a new job.
pub const IDEMPOTENCY_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

pub(crate) const SQL: &str = "
CREATE TABLE idempotency_keys (
    -- The flow and the name of its endpoint: keys of different endpoints do not meet, and a new flow that takes the
    -- name of a deleted one does not answer its repeats.
    flow_id INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    request_id BLOB NOT NULL,
    -- NULL if the first request was held.
    job_id INTEGER,
    -- How the first request was answered: when, and by the endpoint of which version.
    mode TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- For first.
    PRIMARY KEY (flow_id, endpoint, key)
) STRICT, WITHOUT ROWID;
-- For delete_expired.
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at_ms);
";

/// Which request was the first with the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) request_id: RequestId,
    pub(crate) job_id: Option<JobId>,
    pub(crate) answered: Answered,
}

/// Whose keys do not meet those of others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) flow_id: FlowId,
    pub(crate) endpoint: &'a str,
}

pub(crate) fn first(
    conn: &Connection,
    scope: Scope<'_>,
    key: &str,
    now_ms: i64,
) -> Result<Option<First>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT request_id, job_id, mode, version FROM idempotency_keys
         WHERE flow_id = ?1 AND endpoint = ?2 AND key = ?3 AND at_ms > ?4",
    )?;
    let since_ms = now_ms - IDEMPOTENCY_KEPT_MS;
    let named = (scope.flow_id.0, scope.endpoint, key, since_ms);
    let found = statement.query_row(named, |row| {
        Ok(First {
            request_id: columns::id(row, 0, RequestId::from_bytes)?,
            job_id: row.get::<_, Option<i64>>(1)?.map(JobId),
            answered: Answered {
                mode: Mode::named(row.get_ref(2)?.as_str()?).unwrap_or_default(),
                version: row.get(3)?,
            },
        })
    });
    Ok(found.optional()?)
}

/// Replaces a key that expired.
pub(crate) fn put(
    conn: &Connection,
    scope: Scope<'_>,
    key: &str,
    at_ms: i64,
    first: First,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO idempotency_keys (flow_id, endpoint, key, at_ms, request_id, job_id, mode, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        scope.flow_id.0,
        scope.endpoint,
        key,
        at_ms,
        first.request_id.to_bytes(),
        first.job_id.map(|id| id.0),
        first.answered.mode.as_str(),
        first.answered.version,
    ))?;
    Ok(())
}

/// Deletes at most `limit` keys, and gives how many: those that are older, by the time that keys are kept, than every one of
/// the last requests. These stand for the clock, which the store does not have: one of them may have come while it was wrong,
/// and a key that is gone cannot come back. Whether a key still counts is decided in [`first`], by the caller's time.
pub(crate) fn delete_expired(conn: &Connection, limit: u32) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM idempotency_keys WHERE (flow_id, endpoint, key) IN (
            SELECT flow_id, endpoint, key FROM idempotency_keys
            WHERE at_ms <= (SELECT min(at_ms) FROM (SELECT at_ms FROM requests ORDER BY n DESC LIMIT ?3)) - ?1
            ORDER BY at_ms LIMIT ?2)",
    )?;
    Ok(statement.execute((IDEMPOTENCY_KEPT_MS, limit, LAST_REQUESTS))?)
}

/// The keys of an endpoint go with it to another name: its callers still have its old paths, and repeat what they sent.
pub(crate) fn rename(
    conn: &Connection,
    flow_id: FlowId,
    endpoint: &str,
    name: &str,
) -> Result<(), Error> {
    // One that had the name before may have left the same key; the newer one counts.
    conn.prepare_cached(
        "UPDATE OR REPLACE idempotency_keys SET endpoint = ?3 WHERE flow_id = ?1 AND endpoint = ?2",
    )?
    .execute((flow_id.0, endpoint, name))?;
    Ok(())
}
