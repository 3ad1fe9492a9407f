//! Values of the workspace that are no secrets: `vars.NAME`. One counts in every environment, or in one set alone.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::{columns, settings};
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE variables (
    -- The set of an environment; empty for a value that counts in every one.
    set_name TEXT NOT NULL,
    name TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    -- JSON.
    value TEXT NOT NULL,
    PRIMARY KEY (set_name, name)
) STRICT, WITHOUT ROWID;
";

/// The setting that says which set counts.
const ACTIVE: &str = "active_variable_set";
const EVERY: &str = "";

/// A variable of the workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableRow {
    /// Unique in its set.
    pub name: String,
    /// The set of an environment; none for a value that counts in every one.
    pub set: Option<String>,
    /// Any JSON value.
    pub value: Value,
    /// When it was last set, Unix milliseconds.
    pub updated_at_ms: i64,
}

/// Every variable, and which set counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VariableRows {
    /// By name; within a name the value for every environment first, then by set.
    pub rows: Vec<VariableRow>,
    /// The set whose values win; none if only those for every environment count.
    pub active_set: Option<String>,
}

impl VariableRows {
    /// What jobs see: the values for every environment, and over them those of the active set.
    pub(crate) fn values(self) -> Map<String, Value> {
        let mut values = Map::new();
        for row in self.rows {
            if row.set.is_none() || row.set == self.active_set {
                values.insert(row.name, row.value);
            }
        }
        values
    }
}

pub(crate) fn list(conn: &Connection) -> Result<VariableRows, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT set_name, name, updated_at_ms, value FROM variables ORDER BY name, set_name",
    )?;
    let rows = statement.query_map([], |row| {
        let set: String = row.get(0)?;
        Ok(VariableRow {
            set: Some(set).filter(|set| set != EVERY),
            name: row.get(1)?,
            updated_at_ms: row.get(2)?,
            value: columns::json(row, 3)?,
        })
    })?;
    Ok(VariableRows {
        rows: rows.collect::<Result<_, _>>()?,
        active_set: settings::get(conn, ACTIVE)?.filter(|set| set != EVERY),
    })
}

pub(crate) fn put(
    conn: &Connection,
    set: Option<&str>,
    name: &str,
    value: &Value,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO variables (set_name, name, updated_at_ms, value) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (set_name, name) DO UPDATE SET updated_at_ms = excluded.updated_at_ms,
            value = excluded.value",
    )?
    .execute((
        set.unwrap_or(EVERY),
        name,
        at_ms,
        columns::to_json("variables.value", value)?,
    ))?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, set: Option<&str>, name: &str) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("DELETE FROM variables WHERE set_name = ?1 AND name = ?2")?;
    Ok(statement.execute([set.unwrap_or(EVERY), name])? > 0)
}

/// Makes a set count, or none.
pub(crate) fn activate(conn: &Connection, set: Option<&str>) -> Result<(), Error> {
    settings::set(conn, ACTIVE, set.unwrap_or(EVERY))
}
