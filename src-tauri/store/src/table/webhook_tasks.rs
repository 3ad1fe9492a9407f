//! Webhook tasks have integer ids, and a switch beside the document: a receiver that answers 410 disables its
//! task without a new version.

use hookloom_model::{FlowId, TaskId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE webhook_tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id INTEGER NOT NULL REFERENCES flows (id),
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    disabled_reason TEXT,
    -- For keep, of_flow and by_name.
    UNIQUE (flow_id, name)
) STRICT;
";

/// A task's name, id and switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Never reused.
    pub id: TaskId,
    /// Unique in the flow.
    pub name: String,
    /// The switch beside the document; the document has one of its own.
    pub enabled: bool,
    /// Why it is off, for a person.
    pub disabled_reason: Option<String>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<TaskRow> {
    Ok(TaskRow {
        id: TaskId(row.get(0)?),
        name: row.get(1)?,
        enabled: row.get(2)?,
        disabled_reason: row.get(3)?,
    })
}

/// Gives every name an id, and leaves alone what has one.
pub(crate) fn keep(conn: &Connection, flow_id: FlowId, names: &[String]) -> Result<(), Error> {
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO webhook_tasks (flow_id, name) VALUES (?1, ?2)")?;
    for name in names {
        statement.execute((flow_id.0, name))?;
    }
    Ok(())
}

/// Every task that the flow ever had, by name.
pub(crate) fn of_flow(conn: &Connection, flow_id: FlowId) -> Result<Vec<TaskRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, enabled, disabled_reason FROM webhook_tasks WHERE flow_id = ?1
         ORDER BY name",
    )?;
    let rows = statement.query_map([flow_id.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_name(
    conn: &Connection,
    flow_id: FlowId,
    name: &str,
) -> Result<Option<TaskRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, enabled, disabled_reason FROM webhook_tasks
         WHERE flow_id = ?1 AND name = ?2",
    )?;
    Ok(statement.query_row((flow_id.0, name), read).optional()?)
}

/// Whose task it is, and its name.
pub(crate) fn by_id(conn: &Connection, id: TaskId) -> Result<Option<(FlowId, String)>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT flow_id, name FROM webhook_tasks WHERE id = ?1")?;
    Ok(statement
        .query_row([id.0], |row| Ok((FlowId(row.get(0)?), row.get(1)?)))
        .optional()?)
}

/// Whose task.
pub(crate) fn flow_of(conn: &Connection, id: TaskId) -> Result<Option<FlowId>, Error> {
    let mut statement = conn.prepare_cached("SELECT flow_id FROM webhook_tasks WHERE id = ?1")?;
    Ok(statement
        .query_row([id.0], |row| row.get(0).map(FlowId))
        .optional()?)
}

pub(crate) fn enable(conn: &Connection, id: TaskId) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE webhook_tasks SET enabled = 1, disabled_reason = NULL WHERE id = ?1",
    )?
    .execute([id.0])?;
    Ok(())
}

pub(crate) fn disable(conn: &Connection, id: TaskId, reason: &str) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE webhook_tasks SET enabled = 0, disabled_reason = ?2 WHERE id = ?1",
    )?
    .execute((id.0, reason))?;
    Ok(())
}
