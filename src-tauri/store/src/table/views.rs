//! Filters of lists that somebody saved under a name.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE views (
    name TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    -- JSON object.
    filter TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// A saved filter.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewRow {
    /// Unique.
    pub name: String,
    /// The list that it is for.
    pub list: String,
    /// What it filters by; only who shows the list knows its words.
    pub filter: Map<String, Value>,
    /// When it was saved last, Unix milliseconds.
    pub updated_at_ms: i64,
}

pub(crate) fn list(conn: &Connection) -> Result<Vec<ViewRow>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT name, list, filter, updated_at_ms FROM views ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        Ok(ViewRow {
            name: row.get(0)?,
            list: row.get(1)?,
            filter: columns::json(row, 2)?,
            updated_at_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves it, unless there are that many others already. Gives whether it was saved.
pub(crate) fn put(conn: &Connection, view: &ViewRow, max: usize) -> Result<bool, Error> {
    let others: usize = conn
        .prepare_cached("SELECT COUNT(*) FROM views WHERE name <> ?1")?
        .query_row([&view.name], |row| row.get(0))?;
    if others >= max {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT INTO views (name, list, updated_at_ms, filter) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET list = excluded.list,
            updated_at_ms = excluded.updated_at_ms, filter = excluded.filter",
    )?
    .execute((
        &view.name,
        &view.list,
        view.updated_at_ms,
        columns::to_json("views.filter", &view.filter)?,
    ))?;
    Ok(true)
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM views WHERE name = ?1")?;
    Ok(statement.execute([name])? > 0)
}
