//! Files that came with requests: what is known of them. Their bytes lie in the data folder.

use hookloom_model::request::StoredFile;
use hookloom_model::{FileId, RequestId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE files (
    -- The order in the request.
    n INTEGER PRIMARY KEY,
    -- For by_id. Also the name of the file on disk.
    id BLOB NOT NULL UNIQUE,
    request_id BLOB NOT NULL,
    -- NULL: the whole body.
    field TEXT,
    name TEXT,
    content_type TEXT NOT NULL,
    byte_count INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
-- For of_request.
CREATE INDEX files_by_request ON files (request_id);
";

const COLUMNS: &str = "id, field, name, content_type, byte_count, sha256";

pub(crate) fn insert(
    conn: &Connection,
    request_id: RequestId,
    files: &[StoredFile],
) -> Result<(), Error> {
    for file in files {
        conn.prepare_cached(
            "INSERT INTO files (id, request_id, field, name, content_type, byte_count, sha256)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(rusqlite::params![
            file.id.to_bytes(),
            request_id.to_bytes(),
            file.field,
            file.name,
            file.content_type,
            file.byte_count,
            file.sha256,
        ])?;
    }
    Ok(())
}

/// In their order.
pub(crate) fn of_request(conn: &Connection, id: RequestId) -> Result<Vec<StoredFile>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE request_id = ?1 ORDER BY n");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([id.to_bytes()], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(conn: &Connection, id: FileId) -> Result<Option<StoredFile>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read_row).optional()?)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        id: columns::id(row, 0, FileId::from_bytes)?,
        field: row.get(1)?,
        name: row.get(2)?,
        content_type: row.get(3)?,
        byte_count: row.get(4)?,
        sha256: row.get(5)?,
    })
}

/// Gives what was deleted.
pub(crate) fn delete_of_request(conn: &Connection, id: RequestId) -> Result<Vec<FileId>, Error> {
    let mut statement =
        conn.prepare_cached("DELETE FROM files WHERE request_id = ?1 RETURNING id")?;
    let rows = statement.query_map([id.to_bytes()], |row| {
        columns::id(row, 0, FileId::from_bytes)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The bytes of all files.
pub(crate) fn bytes_in_all(conn: &Connection) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached("SELECT COALESCE(SUM(byte_count), 0) FROM files")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
