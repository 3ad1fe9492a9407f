//! Rejected requests beyond those that are kept: a number per endpoint, reason and minute.

use hookloom_model::FlowId;
use rusqlite::{Connection, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE rejection_counts (
    -- For list: the newest minute last.
    minute_at_ms INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    flow_id INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (minute_at_ms, endpoint, reason_code)
) STRICT, WITHOUT ROWID;
";

/// How many more were rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionCount {
    /// The endpoint's name.
    pub endpoint: String,
    /// Its flow.
    pub flow_id: FlowId,
    /// Why.
    pub reason_code: String,
    /// The minute's begin, Unix milliseconds.
    pub minute_at_ms: i64,
    /// Beyond the requests that are kept.
    pub count: i64,
}

pub(crate) fn add(conn: &Connection, more: &RejectionCount) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO rejection_counts (minute_at_ms, endpoint, reason_code, flow_id, count)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (minute_at_ms, endpoint, reason_code)
         DO UPDATE SET count = count + excluded.count",
    )?
    .execute((
        more.minute_at_ms,
        &more.endpoint,
        &more.reason_code,
        more.flow_id.0,
        more.count,
    ))?;
    Ok(())
}

/// Newest first.
pub(crate) fn list(conn: &Connection, limit: u32) -> Result<Vec<RejectionCount>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT endpoint, flow_id, reason_code, minute_at_ms, count FROM rejection_counts
         ORDER BY minute_at_ms DESC, endpoint DESC, reason_code DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of the minutes between, in order.
pub(crate) fn between(
    conn: &Connection,
    from_ms: i64,
    until_ms: i64,
) -> Result<Vec<RejectionCount>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT endpoint, flow_id, reason_code, minute_at_ms, count FROM rejection_counts
         WHERE minute_at_ms >= ?1 AND minute_at_ms < ?2 ORDER BY minute_at_ms",
    )?;
    let rows = statement.query_map((from_ms, until_ms), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<RejectionCount> {
    Ok(RejectionCount {
        endpoint: row.get(0)?,
        flow_id: FlowId(row.get(1)?),
        reason_code: row.get(2)?,
        minute_at_ms: row.get(3)?,
        count: row.get(4)?,
    })
}

/// Counts of minutes that began before; gives how many were deleted.
pub(crate) fn delete_before(conn: &Connection, before_ms: i64, limit: u32) -> Result<usize, Error> {
    Ok(conn
        .prepare_cached(
            "DELETE FROM rejection_counts WHERE (minute_at_ms, endpoint, reason_code) IN
                (SELECT minute_at_ms, endpoint, reason_code FROM rejection_counts
                 WHERE minute_at_ms < ?1 ORDER BY minute_at_ms LIMIT ?2)",
        )?
        .execute((before_ms, limit))?)
}
