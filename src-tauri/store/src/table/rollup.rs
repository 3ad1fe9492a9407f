//! What happened, minute by minute: counted behind the writer from what is committed, and thrown away and counted again
//! at any time. The tables that it counts are the truth.

use hookloom_engine::ports::WindowCounts;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{columns, settings};
use crate::durations::Durations;
use crate::error::Error;

pub(crate) const MINUTE_MS: i64 = 60_000;

pub(crate) const SQL: &str = "
CREATE TABLE rollup (
    -- For between: the minute's begin.
    minute_at_ms INTEGER NOT NULL,
    flow_id INTEGER NOT NULL,
    -- Empty for jobs that no request began.
    endpoint TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    canceled INTEGER NOT NULL DEFAULT 0,
    timed_out INTEGER NOT NULL DEFAULT 0,
    -- JSON: how many took how long.
    durations TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (minute_at_ms, flow_id, endpoint)
) STRICT, WITHOUT ROWID;
-- Jobs that were seen before their end.
CREATE TABLE rollup_open (
    job_id INTEGER PRIMARY KEY
) STRICT;
-- The last request that an endpoint got.
CREATE TABLE rollup_last (
    flow_id INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (flow_id, endpoint)
) STRICT, WITHOUT ROWID;
";

const SETTING: &str = "rollup";

/// How far was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// Jobs up to this one were seen; those of them that had not ended are in `rollup_open`.
    pub(crate) jobs_after: i64,
    /// When that was, Unix milliseconds.
    pub(crate) at_ms: i64,
}

/// What a count is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RollupKey {
    /// The minute's begin, Unix milliseconds.
    pub minute_at_ms: i64,
    /// The flow.
    pub flow_id: i64,
    /// The endpoint; empty for jobs that no request began.
    pub endpoint: String,
}

/// Requests of a minute by their verdict. Accepted ones are counted by the jobs that they began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCounts {
    /// That began a job.
    pub accepted: u64,
    /// That were refused; those that were only counted are among them.
    pub rejected: u64,
    /// That came again.
    pub duplicate: u64,
    /// That were kept and began nothing.
    pub held: u64,
}

/// Jobs that ended in a minute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// That did what they should.
    pub complete: u64,
    /// That failed.
    pub failed: u64,
    /// That somebody canceled.
    pub canceled: u64,
    /// That ran out of time.
    pub timed_out: u64,
    /// How long they took, from their first step to their end.
    pub durations: Durations,
}

/// What happened in a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupRow {
    /// Where and when.
    pub key: RollupKey,
    /// What came in.
    pub requests: RequestCounts,
    /// What ended.
    pub jobs: JobCounts,
}

pub(crate) fn progress(conn: &Connection) -> Result<Progress, Error> {
    let text = settings::get(conn, SETTING)?;
    let progress = text.and_then(|text| serde_json::from_str(&text).ok());
    // What cannot be read is counted again.
    Ok(progress.unwrap_or_default())
}

pub(crate) fn set_progress(conn: &Connection, progress: Progress) -> Result<(), Error> {
    settings::set(
        conn,
        SETTING,
        &columns::to_json("settings.rollup", &progress)?,
    )
}

/// Begins anew: nothing was counted.
pub(crate) fn clear(conn: &Connection) -> Result<(), Error> {
    for table in ["rollup", "rollup_open", "rollup_last"] {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    set_progress(conn, Progress::default())
}

/// Adds what began and ended.
pub(crate) fn add(
    conn: &Connection,
    key: &RollupKey,
    accepted: u64,
    jobs: &JobCounts,
) -> Result<(), Error> {
    let kept: Option<Durations> = conn
        .prepare_cached(
            "SELECT durations FROM rollup WHERE minute_at_ms = ?1 AND flow_id = ?2 AND endpoint = ?3",
        )?
        .query_row((key.minute_at_ms, key.flow_id, &key.endpoint), |row| columns::json(row, 0))
        .optional()?;
    let mut durations = kept.unwrap_or_default();
    durations.merge(&jobs.durations);
    conn.prepare_cached(
        "INSERT INTO rollup (minute_at_ms, flow_id, endpoint, accepted, complete, failed, canceled,
            timed_out, durations)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (minute_at_ms, flow_id, endpoint) DO UPDATE SET
            accepted = accepted + excluded.accepted, complete = complete + excluded.complete,
            failed = failed + excluded.failed, canceled = canceled + excluded.canceled,
            timed_out = timed_out + excluded.timed_out, durations = excluded.durations",
    )?
    .execute((
        key.minute_at_ms,
        key.flow_id,
        &key.endpoint,
        accepted,
        jobs.complete,
        jobs.failed,
        jobs.canceled,
        jobs.timed_out,
        columns::to_json("rollup.durations", &durations)?,
    ))?;
    Ok(())
}

/// Forgets the requests of these minutes that were not accepted.
pub(crate) fn forget_others(conn: &Connection, from_ms: i64, until_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE rollup SET rejected = 0, duplicate = 0, held = 0
         WHERE minute_at_ms >= ?1 AND minute_at_ms < ?2",
    )?
    .execute((from_ms, until_ms))?;
    Ok(())
}

/// Sets the requests of a minute that were not accepted.
pub(crate) fn set_others(
    conn: &Connection,
    key: &RollupKey,
    counts: RequestCounts,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO rollup (minute_at_ms, flow_id, endpoint, rejected, duplicate, held)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (minute_at_ms, flow_id, endpoint) DO UPDATE SET
            rejected = excluded.rejected, duplicate = excluded.duplicate, held = excluded.held",
    )?
    .execute((
        key.minute_at_ms,
        key.flow_id,
        &key.endpoint,
        counts.rejected,
        counts.duplicate,
        counts.held,
    ))?;
    Ok(())
}

/// An endpoint got a request.
pub(crate) fn set_last(
    conn: &Connection,
    flow_id: i64,
    endpoint: &str,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO rollup_last (flow_id, endpoint, at_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (flow_id, endpoint) DO UPDATE SET at_ms = MAX(at_ms, excluded.at_ms)",
    )?
    .execute((flow_id, endpoint, at_ms))?;
    Ok(())
}

/// When each endpoint got its last request, by flow and endpoint.
pub(crate) fn last(conn: &Connection) -> Result<Vec<(i64, String, i64)>, Error> {
    let mut statement = conn.prepare_cached("SELECT flow_id, endpoint, at_ms FROM rollup_last")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the last request came, of a flow and an endpoint or of all.
pub(crate) fn last_of(
    conn: &Connection,
    flow_id: Option<i64>,
    endpoint: Option<&str>,
) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT MAX(at_ms) FROM rollup_last
         WHERE (?1 IS NULL OR flow_id = ?1) AND (?2 IS NULL OR endpoint = ?2)",
    )?;
    Ok(statement.query_row((flow_id, endpoint), |row| row.get(0))?)
}

/// What happened between, added up; of a flow and an endpoint or of all.
pub(crate) fn sums(
    conn: &Connection,
    from_ms: i64,
    until_ms: i64,
    flow_id: Option<i64>,
    endpoint: Option<&str>,
) -> Result<WindowCounts, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT COALESCE(SUM(accepted + rejected + duplicate + held), 0),
            COALESCE(SUM(complete), 0), COALESCE(SUM(failed + timed_out), 0)
         FROM rollup WHERE minute_at_ms >= ?1 AND minute_at_ms < ?2
            AND (?3 IS NULL OR flow_id = ?3) AND (?4 IS NULL OR endpoint = ?4)",
    )?;
    Ok(
        statement.query_row((from_ms, until_ms, flow_id, endpoint), |row| {
            Ok(WindowCounts {
                requests: row.get(0)?,
                complete: row.get(1)?,
                failed: row.get(2)?,
            })
        })?,
    )
}

pub(crate) fn open_job(conn: &Connection, job_id: i64) -> Result<(), Error> {
    conn.prepare_cached("INSERT OR IGNORE INTO rollup_open (job_id) VALUES (?1)")?
        .execute([job_id])?;
    Ok(())
}

pub(crate) fn close_job(conn: &Connection, job_id: i64) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM rollup_open WHERE job_id = ?1")?
        .execute([job_id])?;
    Ok(())
}

/// The minutes between, in order; of one flow, or of all.
pub(crate) fn between(
    conn: &Connection,
    from_ms: i64,
    until_ms: i64,
    flow_id: Option<i64>,
) -> Result<Vec<RollupRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT minute_at_ms, flow_id, endpoint, accepted, rejected, duplicate, held,
            complete, failed, canceled, timed_out, durations
         FROM rollup WHERE minute_at_ms >= ?1 AND minute_at_ms < ?2 AND (?3 IS NULL OR flow_id = ?3)
         ORDER BY minute_at_ms, flow_id, endpoint",
    )?;
    let rows = statement.query_map((from_ms, until_ms, flow_id), |row| {
        Ok(RollupRow {
            key: RollupKey {
                minute_at_ms: row.get(0)?,
                flow_id: row.get(1)?,
                endpoint: row.get(2)?,
            },
            requests: RequestCounts {
                accepted: row.get(3)?,
                rejected: row.get(4)?,
                duplicate: row.get(5)?,
                held: row.get(6)?,
            },
            jobs: JobCounts {
                complete: row.get(7)?,
                failed: row.get(8)?,
                canceled: row.get(9)?,
                timed_out: row.get(10)?,
                durations: columns::json(row, 11)?,
            },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Minutes that began before; gives how many rows were deleted.
pub(crate) fn delete_before(conn: &Connection, before_ms: i64, limit: u32) -> Result<usize, Error> {
    Ok(conn
        .prepare_cached(
            "DELETE FROM rollup WHERE (minute_at_ms, flow_id, endpoint) IN
                (SELECT minute_at_ms, flow_id, endpoint FROM rollup
                 WHERE minute_at_ms < ?1 ORDER BY minute_at_ms LIMIT ?2)",
        )?
        .execute((before_ms, limit))?)
}

/// The minute of a time.
pub(crate) fn minute_of(at_ms: i64) -> i64 {
    at_ms - at_ms.rem_euclid(MINUTE_MS)
}
