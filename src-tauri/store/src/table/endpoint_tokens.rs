//! Tokens of endpoints: the SHA-256 of each, never the token. Revoked ones stay on record.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE endpoint_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The endpoint's name: its tokens stay with it over versions and flows.
    endpoint TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER,
    revoked_at_ms INTEGER
) STRICT;
-- For list of one endpoint, and for revoke: a revoked token frees its name.
CREATE UNIQUE INDEX endpoint_tokens_by_name ON endpoint_tokens (endpoint, name) WHERE revoked_at_ms IS NULL;
";

/// A token of an endpoint, without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointTokenRow {
    /// Never reused.
    pub id: i64,
    /// The endpoint's name.
    pub endpoint: String,
    /// Unique among the endpoint's tokens that are not revoked.
    pub name: String,
    /// What the token is found by.
    pub sha256: [u8; 32],
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// Unix milliseconds; to the minute.
    pub last_used_at_ms: Option<i64>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<EndpointTokenRow> {
    Ok(EndpointTokenRow {
        id: row.get(0)?,
        endpoint: row.get(1)?,
        name: row.get(2)?,
        sha256: row.get(3)?,
        created_at_ms: row.get(4)?,
        last_used_at_ms: row.get(5)?,
    })
}

/// Those that are not revoked, newest first.
pub(crate) fn list(conn: &Connection) -> Result<Vec<EndpointTokenRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, endpoint, name, sha256, created_at_ms, last_used_at_ms FROM endpoint_tokens
         WHERE revoked_at_ms IS NULL ORDER BY id DESC",
    )?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn insert(
    conn: &Connection,
    endpoint: &str,
    name: &str,
    sha256: &[u8; 32],
    at_ms: i64,
) -> Result<(), Error> {
    let known = conn
        .prepare_cached(
            "SELECT 1 FROM endpoint_tokens WHERE endpoint = ?1 AND name = ?2 AND revoked_at_ms IS NULL",
        )?
        .query_row((endpoint, name), |_| Ok(()))
        .optional()?;
    if known.is_some() {
        return Err(Error::NameTaken {
            what: format!("a token named `{name}` of the endpoint `{endpoint}`"),
        });
    }
    conn.prepare_cached(
        "INSERT INTO endpoint_tokens (endpoint, name, sha256, created_at_ms) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((endpoint, name, sha256, at_ms))?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn revoke(
    conn: &Connection,
    endpoint: &str,
    name: &str,
    at_ms: i64,
) -> Result<bool, Error> {
    let revoked = conn
        .prepare_cached(
            "UPDATE endpoint_tokens SET revoked_at_ms = ?3
             WHERE endpoint = ?1 AND name = ?2 AND revoked_at_ms IS NULL",
        )?
        .execute((endpoint, name, at_ms))?;
    Ok(revoked > 0)
}

/// Revokes every token of an endpoint that is gone for good.
pub(crate) fn revoke_all(conn: &Connection, endpoint: &str, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE endpoint_tokens SET revoked_at_ms = ?2 WHERE endpoint = ?1 AND revoked_at_ms IS NULL",
    )?
    .execute((endpoint, at_ms))?;
    Ok(())
}

/// The endpoint has another name now.
pub(crate) fn rename(conn: &Connection, endpoint: &str, new_name: &str) -> Result<(), Error> {
    conn.prepare_cached("UPDATE endpoint_tokens SET endpoint = ?2 WHERE endpoint = ?1")?
        .execute((endpoint, new_name))?;
    Ok(())
}

pub(crate) fn set_used(conn: &Connection, id: i64, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached("UPDATE endpoint_tokens SET last_used_at_ms = ?2 WHERE id = ?1")?
        .execute((id, at_ms))?;
    Ok(())
}
