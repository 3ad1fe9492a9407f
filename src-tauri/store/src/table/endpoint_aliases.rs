//! Old paths of endpoints that were renamed or moved: they lead to the endpoint until the user deletes them.

use rusqlite::{Connection, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE endpoint_aliases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- For put: a path leads to one endpoint.
    path TEXT NOT NULL UNIQUE,
    -- The endpoint's name today.
    endpoint TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;
-- For rename.
CREATE INDEX endpoint_aliases_by_endpoint ON endpoint_aliases (endpoint);
";

/// An old path of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasRow {
    /// Never reused.
    pub id: i64,
    /// Such as `/in/orders/{id}` or `/api/webhook/local/intake/orders`.
    pub path: String,
    /// The endpoint's name today.
    pub endpoint: String,
    /// Unix milliseconds.
    pub created_at_ms: i64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<AliasRow> {
    Ok(AliasRow {
        id: row.get(0)?,
        path: row.get(1)?,
        endpoint: row.get(2)?,
        created_at_ms: row.get(3)?,
    })
}

/// All of them, newest first.
pub(crate) fn list(conn: &Connection) -> Result<Vec<AliasRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, path, endpoint, created_at_ms FROM endpoint_aliases ORDER BY id DESC",
    )?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The path leads to this endpoint from now on.
pub(crate) fn put(conn: &Connection, path: &str, endpoint: &str, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO endpoint_aliases (path, endpoint, created_at_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (path) DO UPDATE SET endpoint = excluded.endpoint",
    )?
    .execute((path, endpoint, at_ms))?;
    Ok(())
}

/// The endpoint has another name now.
pub(crate) fn rename(conn: &Connection, endpoint: &str, new_name: &str) -> Result<(), Error> {
    conn.prepare_cached("UPDATE endpoint_aliases SET endpoint = ?2 WHERE endpoint = ?1")?
        .execute((endpoint, new_name))?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, id: i64) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM endpoint_aliases WHERE id = ?1")?;
    Ok(statement.execute([id])? > 0)
}

/// Forgets every old path of an endpoint that is gone for good.
pub(crate) fn delete_all(conn: &Connection, endpoint: &str) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM endpoint_aliases WHERE endpoint = ?1")?
        .execute([endpoint])?;
    Ok(())
}
