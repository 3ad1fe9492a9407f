//! When somebody wants to be told.

use hookloom_engine::ports::{AlertKind, AlertRule};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE alert_rules (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    flow TEXT,
    endpoint TEXT,
    threshold REAL NOT NULL,
    window_minutes INTEGER NOT NULL,
    minimum INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

pub(crate) fn list(conn: &Connection) -> Result<Vec<AlertRule>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT name, kind, flow, endpoint, threshold, window_minutes, minimum, is_enabled
         FROM alert_rules ORDER BY name",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(AlertRule {
            name: row.get(0)?,
            kind: kind(row, 1)?,
            flow: row.get(2)?,
            endpoint: row.get(3)?,
            threshold: row.get(4)?,
            window_minutes: row.get(5)?,
            minimum: row.get(6)?,
            is_enabled: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The kind in a column.
pub(crate) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<AlertKind> {
    let text = row.get_ref(column)?.as_str()?;
    let mut kinds = AlertKind::ALL.into_iter();
    kinds.find(|kind| kind.as_str() == text).ok_or_else(|| {
        let why = format!("there is no kind of alert rule `{text}`");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
    })
}

/// Keeps it, unless there are that many others already. Gives whether it was kept.
pub(crate) fn put(conn: &Connection, rule: &AlertRule, max: usize) -> Result<bool, Error> {
    let others: usize = conn
        .prepare_cached("SELECT COUNT(*) FROM alert_rules WHERE name <> ?1")?
        .query_row([&rule.name], |row| row.get(0))?;
    if others >= max {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO alert_rules (name, kind, flow, endpoint, threshold,
            window_minutes, minimum, is_enabled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        &rule.name,
        rule.kind.as_str(),
        &rule.flow,
        &rule.endpoint,
        rule.threshold,
        rule.window_minutes,
        rule.minimum,
        rule.is_enabled,
    ))?;
    Ok(true)
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM alert_rules WHERE name = ?1")?;
    Ok(statement.execute([name])? > 0)
}
