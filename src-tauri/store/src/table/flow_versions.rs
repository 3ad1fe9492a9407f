//! What jobs are pinned to: immutable documents. A version above zero was published; one below zero is a trial, made to
//! run a draft once, and nothing but its jobs knows it.

use std::sync::Arc;

use hookloom_model::FlowId;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE flow_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id INTEGER NOT NULL REFERENCES flows (id),
    version INTEGER NOT NULL,
    -- Of a trial: when it was run last.
    published_at_ms INTEGER NOT NULL,
    -- The document's, so that a list of jobs need not parse it.
    title TEXT,
    -- How many steps it has.
    steps INTEGER NOT NULL,
    document TEXT NOT NULL,
    -- For document, list and last_trial.
    UNIQUE (flow_id, version)
) STRICT;
-- For delete_trials_before. Published versions cost nothing here.
CREATE INDEX flow_versions_trials ON flow_versions (published_at_ms) WHERE version < 0;
";

/// A published version without its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRow {
    /// Counts from 1 within the flow.
    pub version: i64,
    /// Unix milliseconds.
    pub published_at_ms: i64,
    /// How many steps it has.
    pub steps: u64,
}

/// A version to insert.
pub(crate) struct NewVersion<'a> {
    pub(crate) flow_id: FlowId,
    pub(crate) title: Option<&'a str>,
    pub(crate) steps: usize,
    pub(crate) document: &'a str,
    pub(crate) at_ms: i64,
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

/// What was published, newest first.
pub(crate) fn list(conn: &Connection, flow_id: FlowId) -> Result<Vec<VersionRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT version, published_at_ms, steps FROM flow_versions
         WHERE flow_id = ?1 AND version > 0 ORDER BY version DESC",
    )?;
    let rows = statement.query_map([flow_id.0], |row| {
        Ok(VersionRow {
            version: row.get(0)?,
            published_at_ms: row.get(1)?,
            steps: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives the number of the new published version.
pub(crate) fn insert(conn: &Connection, new: &NewVersion<'_>) -> Result<i64, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 + COALESCE(MAX(version), 0) FROM flow_versions WHERE flow_id = ?1 AND version > 0",
    )?;
    let version = statement.query_row([new.flow_id.0], |row| row.get(0))?;
    insert_as(conn, version, new)?;
    Ok(version)
}

pub(crate) fn insert_as(
    conn: &Connection,
    version: i64,
    new: &NewVersion<'_>,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO flow_versions (flow_id, version, published_at_ms, title, steps, document)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        new.flow_id.0,
        version,
        new.at_ms,
        new.title,
        new.steps,
        new.document,
    ))?;
    Ok(())
}

/// The newest trial, if it is of this document.
pub(crate) fn last_trial(
    conn: &Connection,
    flow_id: FlowId,
    document: &str,
) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT version, document = ?2 FROM flow_versions
         WHERE flow_id = ?1 AND version < 0 ORDER BY version LIMIT 1",
    )?;
    let newest = statement.query_row((flow_id.0, document), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?))
    });
    let newest = newest.optional()?;
    Ok(newest.and_then(|(version, is_same)| is_same.then_some(version)))
}

/// A trial runs once more.
pub(crate) fn set_run(
    conn: &Connection,
    flow_id: FlowId,
    version: i64,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE flow_versions SET published_at_ms = ?3 WHERE flow_id = ?1 AND version = ?2",
    )?
    .execute((flow_id.0, version, at_ms))?;
    Ok(())
}

/// Deletes trials that were run last up to a time and that no job refers to any more. Gives how many.
pub(crate) fn delete_trials_before(
    conn: &Connection,
    until_ms: i64,
    limit: u32,
) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM flow_versions WHERE id IN (
            SELECT id FROM flow_versions AS trial WHERE version < 0 AND published_at_ms <= ?1
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.version < 0
                    AND jobs.flow_id = trial.flow_id AND jobs.version = trial.version)
            LIMIT ?2)",
    )?;
    Ok(statement.execute((until_ms, limit))?)
}
