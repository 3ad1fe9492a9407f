//! Sealed secret state of jobs that have not ended. Its key lies in a file, and goes with the job as well.

use hookloom_model::{JobId, RequestId};
use rusqlite::{Connection, OptionalExtension};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE secret_states (
    job_id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;
";

pub(crate) fn get(conn: &Connection, job_id: JobId) -> Result<Option<Vec<u8>>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT sealed FROM secret_states WHERE job_id = ?1")?;
    Ok(statement
        .query_row([job_id.0], |row| row.get(0))
        .optional()?)
}

pub(crate) fn put(conn: &Connection, job_id: JobId, sealed: &[u8]) -> Result<(), Error> {
    conn.prepare_cached("INSERT OR REPLACE INTO secret_states (job_id, sealed) VALUES (?1, ?2)")?
        .execute((job_id.0, sealed))?;
    Ok(())
}

pub(crate) fn delete(conn: &Connection, job_id: JobId) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM secret_states WHERE job_id = ?1")?
        .execute([job_id.0])?;
    Ok(())
}

/// The calls that began jobs with secret state: their key files are no orphans.
pub(crate) fn request_ids(conn: &Connection) -> Result<Vec<RequestId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT jobs.request_id FROM secret_states JOIN jobs ON jobs.id = secret_states.job_id",
    )?;
    let rows = statement.query_map([], |row| columns::id(row, 0, RequestId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
