//! What was published: immutable documents. A job is pinned to one.

use std::sync::Arc;

use hookloom_model::FlowId;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE flow_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id INTEGER NOT NULL REFERENCES flows (id),
    version INTEGER NOT NULL,
    published_at_ms INTEGER NOT NULL,
    -- The document's, so that a list of jobs need not parse it.
    title TEXT,
    document TEXT NOT NULL,
    -- For document and list.
    UNIQUE (flow_id, version)
) STRICT;
";

/// A version without its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRow {
    /// Counts from 1 within the flow.
    pub version: i64,
    /// Unix milliseconds.
    pub published_at_ms: i64,
}

pub(crate) fn document(
    conn: &Connection,
    flow_id: FlowId,
    version: i64,
) -> Result<Option<Arc<str>>, Error> {
    let mut statement = conn
        .prepare_cached("SELECT document FROM flow_versions WHERE flow_id = ?1 AND version = ?2")?;
    Ok(statement
        .query_row((flow_id.0, version), |row| {
            Ok(Arc::from(row.get_ref(0)?.as_str()?))
        })
        .optional()?)
}

/// Newest first.
pub(crate) fn list(conn: &Connection, flow_id: FlowId) -> Result<Vec<VersionRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT version, published_at_ms FROM flow_versions WHERE flow_id = ?1
         ORDER BY version DESC",
    )?;
    let rows = statement.query_map([flow_id.0], |row| {
        Ok(VersionRow {
            version: row.get(0)?,
            published_at_ms: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives the new version's number.
pub(crate) fn insert(
    conn: &Connection,
    flow_id: FlowId,
    title: Option<&str>,
    document: &str,
    at_ms: i64,
) -> Result<i64, Error> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO flow_versions (flow_id, version, published_at_ms, title, document)
         SELECT ?1, 1 + COALESCE(MAX(version), 0), ?2, ?3, ?4 FROM flow_versions WHERE flow_id = ?1
         RETURNING version",
    )?;
    Ok(statement.query_row((flow_id.0, at_ms, title, document), |row| row.get(0))?)
}
