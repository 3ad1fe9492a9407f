//! What alert rules told: when it began, and when it ended.

use hookloom_engine::ports::{AlertKind, NewAlert, OpenAlert};
use rusqlite::Connection;

use super::alert_rules;
use crate::error::Error;

/// Ended alerts beyond these are forgotten, the oldest first.
const KEPT_MAX: u32 = 1_000;

pub(crate) const SQL: &str = "
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    flow TEXT,
    endpoint TEXT,
    began_at_ms INTEGER NOT NULL,
    -- Since when things are well again, while it has not ended.
    fine_since_ms INTEGER,
    ended_at_ms INTEGER,
    message TEXT NOT NULL,
    seen INTEGER NOT NULL
) STRICT;
-- For open, and that a rule has one alert at most that has not ended.
CREATE UNIQUE INDEX alerts_open ON alerts (rule) WHERE ended_at_ms IS NULL;
";

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its number.
    pub id: i64,
    /// The name of its rule, which may be gone.
    pub rule: String,
    /// What it is about.
    pub kind: AlertKind,
    /// Of this flow.
    pub flow: Option<String>,
    /// Of this endpoint.
    pub endpoint: Option<String>,
    /// Unix milliseconds.
    pub began_at_ms: i64,
    /// Unix milliseconds; none while it goes on.
    pub ended_at_ms: Option<i64>,
    /// What happened, for a person.
    pub message: String,
    /// Whether somebody has seen it.
    pub seen: bool,
}

/// Newest first, those before the cursor.
pub(crate) fn page(conn: &Connection, before: i64, limit: u32) -> Result<Vec<AlertRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, rule, kind, flow, endpoint, began_at_ms, ended_at_ms, message, seen
         FROM alerts WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map((before, limit), |row| {
        Ok(AlertRow {
            id: row.get(0)?,
            rule: row.get(1)?,
            kind: alert_rules::kind(row, 2)?,
            flow: row.get(3)?,
            endpoint: row.get(4)?,
            began_at_ms: row.get(5)?,
            ended_at_ms: row.get(6)?,
            message: row.get(7)?,
            seen: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those that have not ended.
pub(crate) fn open(conn: &Connection) -> Result<Vec<OpenAlert>, Error> {
    let mut statement = conn
        .prepare_cached("SELECT id, rule, fine_since_ms FROM alerts WHERE ended_at_ms IS NULL")?;
    let rows = statement.query_map([], |row| {
        Ok(OpenAlert {
            id: row.get(0)?,
            rule: row.get(1)?,
            fine_since_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Begins it, unless its rule has one already.
pub(crate) fn begin(conn: &Connection, alert: &NewAlert) -> Result<(), Error> {
    let NewAlert {
        rule,
        began_at_ms,
        message,
    } = alert;
    conn.prepare_cached(
        "INSERT OR IGNORE INTO alerts (rule, kind, flow, endpoint, began_at_ms, message, seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, FALSE)",
    )?
    .execute((
        &rule.name,
        rule.kind.as_str(),
        &rule.flow,
        &rule.endpoint,
        began_at_ms,
        message,
    ))?;
    conn.prepare_cached(
        "DELETE FROM alerts WHERE ended_at_ms IS NOT NULL AND id <=
            (SELECT id FROM alerts ORDER BY id DESC LIMIT 1 OFFSET ?1)",
    )?
    .execute([KEPT_MAX])?;
    Ok(())
}

pub(crate) fn set_fine_since(conn: &Connection, id: i64, at_ms: Option<i64>) -> Result<(), Error> {
    conn.prepare_cached("UPDATE alerts SET fine_since_ms = ?2 WHERE id = ?1")?
        .execute((id, at_ms))?;
    Ok(())
}

pub(crate) fn end(conn: &Connection, id: i64, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE alerts SET ended_at_ms = ?2 WHERE id = ?1 AND ended_at_ms IS NULL",
    )?
    .execute((id, at_ms))?;
    Ok(())
}

/// Whether it is there.
pub(crate) fn set_seen(conn: &Connection, id: i64) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("UPDATE alerts SET seen = TRUE WHERE id = ?1")?;
    Ok(statement.execute([id])? > 0)
}
