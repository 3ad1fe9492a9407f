//! Flows: a name, a draft, a state. A deleted flow keeps its row, so that its history stays readable.

use hookloom_model::{FlowId, FlowState};
use rusqlite::{Connection, OptionalExtension, Row};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE flows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('off', 'live', 'paused')),
    -- The published version; NULL before the first.
    version INTEGER,
    -- Counts the changes of the draft: its etag.
    draft_revision INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    deleted_at_ms INTEGER,
    -- Counts the trial versions that were ever made: their numbers are never given twice.
    trials_made INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL,
    -- Positions on the canvas, a JSON object: beside the draft, because moving something is no change of it.
    layout TEXT
) STRICT;
-- For by_name; a deleted flow frees its name.
CREATE UNIQUE INDEX flows_by_name ON flows (name) WHERE deleted_at_ms IS NULL;
";

/// A row, with its draft.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) id: FlowId,
    pub(crate) name: String,
    pub(crate) state: FlowState,
    pub(crate) version: Option<i64>,
    pub(crate) draft_revision: i64,
    pub(crate) updated_at_ms: i64,
    pub(crate) draft: String,
}

const COLUMNS: &str = "id, name, state, version, draft_revision, updated_at_ms, draft";

fn read(row: &Row<'_>) -> rusqlite::Result<Flow> {
    Ok(Flow {
        id: FlowId(row.get(0)?),
        name: row.get(1)?,
        state: columns::name(row, 2)?,
        version: row.get(3)?,
        draft_revision: row.get(4)?,
        updated_at_ms: row.get(5)?,
        draft: row.get(6)?,
    })
}

pub(crate) fn by_name(conn: &Connection, name: &str) -> Result<Option<Flow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM flows WHERE name = ?1 AND deleted_at_ms IS NULL");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([name], read).optional()?)
}

/// The flow, or the error that says that there is none.
pub(crate) fn named(conn: &Connection, name: &str) -> Result<Flow, Error> {
    by_name(conn, name)?.ok_or_else(|| Error::not_found(format!("a flow named `{name}`")))
}

/// Every flow that was not deleted, by name.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Flow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM flows WHERE deleted_at_ms IS NULL ORDER BY name");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many flows there are that were not deleted.
pub(crate) fn count(conn: &Connection) -> Result<i64, Error> {
    let mut statement =
        conn.prepare_cached("SELECT COUNT(*) FROM flows WHERE deleted_at_ms IS NULL")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The id of the flow that has the name, or the last that had it.
pub(crate) fn id_by_name(conn: &Connection, name: &str) -> Result<Option<FlowId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM flows WHERE name = ?1 ORDER BY deleted_at_ms IS NOT NULL, id DESC LIMIT 1",
    )?;
    Ok(statement
        .query_row([name], |row| row.get(0).map(FlowId))
        .optional()?)
}

/// Every id, deleted flows included.
pub(crate) fn ids(conn: &Connection) -> Result<Vec<FlowId>, Error> {
    let mut statement = conn.prepare_cached("SELECT id FROM flows")?;
    let rows = statement.query_map([], |row| row.get(0).map(FlowId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where the draft's nodes stand on the canvas, as JSON text.
pub(crate) fn layout(conn: &Connection, id: FlowId) -> Result<Option<String>, Error> {
    let mut statement = conn.prepare_cached("SELECT layout FROM flows WHERE id = ?1")?;
    Ok(statement
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .flatten())
}

/// Gives whether it was another one before.
pub(crate) fn set_layout(conn: &Connection, id: FlowId, layout: &str) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("UPDATE flows SET layout = ?2 WHERE id = ?1 AND layout IS NOT ?2")?;
    Ok(statement.execute((id.0, layout))? > 0)
}

/// The number of the next trial version: below zero, and never given twice.
pub(crate) fn next_trial(conn: &Connection, id: FlowId) -> Result<i64, Error> {
    let mut statement = conn.prepare_cached(
        "UPDATE flows SET trials_made = trials_made + 1 WHERE id = ?1 RETURNING -trials_made",
    )?;
    Ok(statement.query_row([id.0], |row| row.get(0))?)
}

/// Whether the flow was not deleted.
pub(crate) fn is_there(conn: &Connection, id: FlowId) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM flows WHERE id = ?1 AND deleted_at_ms IS NULL")?;
    Ok(statement.exists([id.0])?)
}

pub(crate) fn name_of(conn: &Connection, id: FlowId) -> Result<Option<String>, Error> {
    let mut statement = conn.prepare_cached("SELECT name FROM flows WHERE id = ?1")?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

/// The name of a flow that was not deleted.
pub(crate) fn living_name_of(conn: &Connection, id: FlowId) -> Result<Option<String>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT name FROM flows WHERE id = ?1 AND deleted_at_ms IS NULL")?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

pub(crate) fn insert(
    conn: &Connection,
    name: &str,
    draft: &str,
    at_ms: i64,
) -> Result<FlowId, Error> {
    conn.prepare_cached(
        "INSERT INTO flows (name, state, created_at_ms, updated_at_ms, draft)
         VALUES (?1, 'off', ?2, ?2, ?3)",
    )?
    .execute((name, at_ms, draft))?;
    Ok(FlowId(conn.last_insert_rowid()))
}

pub(crate) fn set_draft(
    conn: &Connection,
    id: FlowId,
    draft: &str,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE flows SET draft = ?2, updated_at_ms = ?3, draft_revision = draft_revision + 1
         WHERE id = ?1",
    )?
    .execute((id.0, draft, at_ms))?;
    Ok(())
}

pub(crate) fn set_published(
    conn: &Connection,
    id: FlowId,
    version: i64,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached("UPDATE flows SET version = ?2, updated_at_ms = ?3 WHERE id = ?1")?
        .execute((id.0, version, at_ms))?;
    Ok(())
}

pub(crate) fn set_state(
    conn: &Connection,
    id: FlowId,
    state: FlowState,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached("UPDATE flows SET state = ?2, updated_at_ms = ?3 WHERE id = ?1")?
        .execute((id.0, state.as_str(), at_ms))?;
    Ok(())
}

pub(crate) fn mark_deleted(conn: &Connection, id: FlowId, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached("UPDATE flows SET deleted_at_ms = ?2, state = 'off' WHERE id = ?1")?
        .execute((id.0, at_ms))?;
    Ok(())
}
