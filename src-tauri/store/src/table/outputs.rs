//! Outputs have integer ids that scripts keep: a name keeps its id over drafts, versions and imports.

use hookloom_model::{FlowId, OutputId};
use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE outputs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id INTEGER NOT NULL REFERENCES flows (id),
    name TEXT NOT NULL,
    -- For keep and of_flow.
    UNIQUE (flow_id, name)
) STRICT;
";

/// An output's name and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRow {
    /// Never reused.
    pub id: OutputId,
    /// Unique in the flow.
    pub name: String,
}

/// Gives every name an id, and leaves alone what has one.
pub(crate) fn keep(conn: &Connection, flow_id: FlowId, names: &[String]) -> Result<(), Error> {
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO outputs (flow_id, name) VALUES (?1, ?2)")?;
    for name in names {
        statement.execute((flow_id.0, name))?;
    }
    Ok(())
}

/// Whose output it is, and its name.
pub(crate) fn by_id(conn: &Connection, id: OutputId) -> Result<Option<(FlowId, String)>, Error> {
    let mut statement = conn.prepare_cached("SELECT flow_id, name FROM outputs WHERE id = ?1")?;
    Ok(statement
        .query_row([id.0], |row| Ok((FlowId(row.get(0)?), row.get(1)?)))
        .optional()?)
}

/// Every name that the flow ever had.
pub(crate) fn of_flow(conn: &Connection, flow_id: FlowId) -> Result<Vec<OutputRow>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT id, name FROM outputs WHERE flow_id = ?1 ORDER BY name")?;
    let rows = statement.query_map([flow_id.0], |row| {
        Ok(OutputRow {
            id: OutputId(row.get(0)?),
            name: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
