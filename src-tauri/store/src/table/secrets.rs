//! Names of secrets. Their values are in the keychain, never here.

use hookloom_engine::ports::KnownSecret;
use rusqlite::{Connection, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    -- Counts how often the value was set.
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

fn read(row: &Row<'_>) -> rusqlite::Result<KnownSecret> {
    Ok(KnownSecret {
        name: row.get(0)?,
        created_at_ms: row.get(1)?,
        updated_at_ms: row.get(2)?,
        version: row.get(3)?,
    })
}

/// By name.
pub(crate) fn list(conn: &Connection) -> Result<Vec<KnownSecret>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT name, created_at_ms, updated_at_ms, version FROM secrets ORDER BY name",
    )?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that the value was set.
pub(crate) fn put(conn: &Connection, name: &str, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO secrets (name, created_at_ms, updated_at_ms, version) VALUES (?1, ?2, ?2, 1)
         ON CONFLICT (name) DO UPDATE SET updated_at_ms = excluded.updated_at_ms,
            version = version + 1",
    )?
    .execute((name, at_ms))?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM secrets WHERE name = ?1")?;
    Ok(statement.execute([name])? > 0)
}
