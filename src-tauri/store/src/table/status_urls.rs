//! Status URLs of calls that waited too long: the SHA-256 of each token, and the token sealed for repeats.

use hookloom_engine::ports::{STATUS_URL_KEPT_MS, StatusUrl};
use hookloom_model::JobId;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE status_urls (
    -- For of_job.
    job_id INTEGER PRIMARY KEY,
    -- For job_of.
    sha256 BLOB NOT NULL UNIQUE,
    sealed_token BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
-- For delete_expired.
CREATE INDEX status_urls_by_age ON status_urls (at_ms);
";

fn read(row: &Row<'_>) -> rusqlite::Result<StatusUrl> {
    Ok(StatusUrl {
        job_id: JobId(row.get(0)?),
        sha256: row.get(1)?,
        sealed_token: row.get(2)?,
        at_ms: row.get(3)?,
    })
}

/// Keeps it, unless the job has one. Gives the one that it has.
pub(crate) fn put(conn: &Connection, url: &StatusUrl) -> Result<StatusUrl, Error> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO status_urls (job_id, sha256, sealed_token, at_ms)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((url.job_id.0, url.sha256, &url.sealed_token, url.at_ms))?;
    let kept = of_job(conn, url.job_id)?;
    kept.ok_or_else(|| Error::not_found(format!("the status URL of job {}", url.job_id)))
}

pub(crate) fn of_job(conn: &Connection, job_id: JobId) -> Result<Option<StatusUrl>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT job_id, sha256, sealed_token, at_ms FROM status_urls WHERE job_id = ?1",
    )?;
    Ok(statement.query_row([job_id.0], read).optional()?)
}

pub(crate) fn job_of(conn: &Connection, sha256: &[u8; 32]) -> Result<Option<JobId>, Error> {
    let mut statement = conn.prepare_cached("SELECT job_id FROM status_urls WHERE sha256 = ?1")?;
    Ok(statement
        .query_row([sha256], |row| row.get(0).map(JobId))
        .optional()?)
}

/// Deletes at most `limit` of those whose job ended longer ago than they are kept, and gives how many. The newest one
/// stands for the clock, which the store does not have; whether one still answers is decided by the caller's time.
pub(crate) fn delete_expired(conn: &Connection, limit: u32) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM status_urls WHERE job_id IN (
            SELECT status_urls.job_id FROM status_urls LEFT JOIN jobs ON jobs.id = status_urls.job_id
            WHERE status_urls.at_ms <= (SELECT max(at_ms) FROM status_urls) - ?1
                AND (jobs.id IS NULL
                    OR jobs.ended_at_ms <= (SELECT max(at_ms) FROM status_urls) - ?1)
            ORDER BY status_urls.at_ms LIMIT ?2)",
    )?;
    Ok(statement.execute((STATUS_URL_KEPT_MS, limit))?)
}
