//! Large values: journal values and request bodies that would make rows slow to pass over.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE blobs (
    n INTEGER PRIMARY KEY,
    -- For get.
    id TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;
";

/// A key that is there already keeps its content: what the journal refers to never changes.
pub(crate) fn put(conn: &Connection, id: &str, content: &[u8]) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO blobs (id, content) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
    )?
    .execute((id, content))?;
    Ok(())
}

/// The same content under another key.
pub(crate) fn copy(conn: &Connection, from: &str, to: &str) -> Result<(), Error> {
    let copied = conn
        .prepare_cached(
            "INSERT INTO blobs (id, content) SELECT ?2, content FROM blobs WHERE id = ?1
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute((from, to))?;
    match copied {
        0 => Err(Error::not_found(format!("the stored value `{from}`"))),
        _ => Ok(()),
    }
}

pub(crate) fn delete(conn: &Connection, id: &str) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM blobs WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

pub(crate) fn get(conn: &Connection, id: &str) -> Result<Option<Vec<u8>>, Error> {
    let mut statement = conn.prepare_cached("SELECT content FROM blobs WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0)).optional()?)
}

/// Every value whose key is `owner/…`: a slash, and the character after it, bound them.
pub(crate) fn delete_below(conn: &Connection, owner: &str) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM blobs WHERE id > ?1 || '/' AND id < ?1 || '0'")?
        .execute([owner])?;
    Ok(())
}
