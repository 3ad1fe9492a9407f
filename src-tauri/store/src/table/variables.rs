//! Values of the workspace that are no secrets: `vars.NAME`.

use rusqlite::Connection;
use serde_json::Value;

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE variables (
    name TEXT PRIMARY KEY,
    updated_at_ms INTEGER NOT NULL,
    -- JSON.
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// A variable of the workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableRow {
    /// Unique in the workspace.
    pub name: String,
    /// Any JSON value.
    pub value: Value,
    /// When it was last set, Unix milliseconds.
    pub updated_at_ms: i64,
}

/// By name.
pub(crate) fn list(conn: &Connection) -> Result<Vec<VariableRow>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT name, updated_at_ms, value FROM variables ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        Ok(VariableRow {
            name: row.get(0)?,
            updated_at_ms: row.get(1)?,
            value: columns::json(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn put(conn: &Connection, name: &str, value: &Value, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO variables (name, updated_at_ms, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET updated_at_ms = excluded.updated_at_ms,
            value = excluded.value",
    )?
    .execute((name, at_ms, columns::to_json("variables.value", value)?))?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM variables WHERE name = ?1")?;
    Ok(statement.execute([name])? > 0)
}
