//! Attempts of deliveries: what was sent, masked, and what came back.

use std::fmt;
use std::str::FromStr;

use hookloom_engine::ports::{AttemptEnd, Certificate, Timings};
use hookloom_model::JobId;
use hookloom_model::journal::{RecordedError, SentRequest};
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE delivery_attempts (
    id INTEGER PRIMARY KEY,
    delivery_n INTEGER NOT NULL REFERENCES deliveries (n),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    http_status INTEGER,
    error_code TEXT,
    error_message TEXT,
    -- JSON from here on; request and answer come last, so that lists never read them.
    timings TEXT,
    certificate TEXT,
    sent TEXT,
    answer TEXT,
    -- For of_delivery and end.
    UNIQUE (delivery_n, attempt)
) STRICT;
";

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptStatus {
    /// It is under way.
    Sending,
    /// The receiver took the message.
    Delivered,
    /// It did not.
    Failed,
    /// Cut off; does not count.
    Interrupted,
}

impl AttemptStatus {
    /// The name in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for AttemptStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no status of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no status of an attempt")]
pub struct UnknownAttemptStatus {
    given: String,
}

impl FromStr for AttemptStatus {
    type Err = UnknownAttemptStatus;

    fn from_str(text: &str) -> Result<Self, UnknownAttemptStatus> {
        [
            Self::Sending,
            Self::Delivered,
            Self::Failed,
            Self::Interrupted,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| UnknownAttemptStatus {
            given: text.to_owned(),
        })
    }
}

/// What a receiver answered, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// Names and values in the order received.
    pub headers: Vec<(String, String)>,
    /// As text (lossy), cut at the limit of the record.
    pub body: String,
    /// The size of the whole body.
    pub body_bytes: u64,
    /// Whether `body` was cut.
    pub body_truncated: bool,
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// Counts from 1 and includes interrupted ones.
    pub n: u32,
    /// What became of it.
    pub status: AttemptStatus,
    /// Unix milliseconds.
    pub started_at_ms: i64,
    /// Unix milliseconds.
    pub ended_at_ms: Option<i64>,
    /// The answer's status.
    pub http_status: Option<u16>,
    /// Why it failed; its time is `ended_at_ms`.
    pub error: Option<RecordedError>,
    /// Where the time went.
    pub timings: Timings,
    /// The peer's certificate.
    pub certificate: Option<Certificate>,
    /// What was sent; none in lists.
    pub sent: Option<SentRequest>,
    /// What came back; none in lists.
    pub answer: Option<StoredAnswer>,
}

pub(crate) fn begin(
    conn: &Connection,
    delivery_n: i64,
    attempt: u32,
    at_ms: i64,
) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO delivery_attempts (delivery_n, attempt, status, started_at_ms)
         VALUES (?1, ?2, 'sending', ?3)",
    )?
    .execute((delivery_n, attempt, at_ms))?;
    Ok(())
}

pub(crate) fn end(
    conn: &Connection,
    delivery_n: i64,
    attempt: u32,
    status: AttemptStatus,
    end: &AttemptEnd,
) -> Result<(), Error> {
    let result = &end.result;
    let answer = result.http_status.map(|_| StoredAnswer {
        headers: result.headers.clone(),
        body: result.body.clone(),
        body_bytes: result.body_bytes,
        body_truncated: result.body_truncated,
    });
    let sent = end.sent.as_ref();
    let certificate = result.certificate.as_ref();
    conn.prepare_cached(
        "UPDATE delivery_attempts SET status = ?3, started_at_ms = ?4, ended_at_ms = ?5,
            http_status = ?6, error_code = ?7, error_message = ?8, timings = ?9, certificate = ?10,
            sent = ?11, answer = ?12
         WHERE delivery_n = ?1 AND attempt = ?2",
    )?
    .execute(rusqlite::params![
        delivery_n,
        attempt,
        status.as_str(),
        end.started_at_ms,
        end.ended_at_ms,
        result.http_status,
        result.error.as_ref().map(|error| &error.code),
        result.error.as_ref().map(|error| &error.message),
        columns::to_json("delivery_attempts.timings", &result.timings)?,
        certificate
            .map(|value| columns::to_json("delivery_attempts.certificate", value))
            .transpose()?,
        sent.map(|value| columns::to_json("delivery_attempts.sent", value))
            .transpose()?,
        answer
            .map(|value| columns::to_json("delivery_attempts.answer", &value))
            .transpose()?,
    ])?;
    Ok(())
}

/// A crash cut it off.
pub(crate) fn interrupt(
    conn: &Connection,
    delivery_n: i64,
    attempt: u32,
    at_ms: i64,
    error: &RecordedError,
) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE delivery_attempts SET status = 'interrupted', ended_at_ms = ?3, error_code = ?4,
            error_message = ?5 WHERE delivery_n = ?1 AND attempt = ?2",
    )?
    .execute((delivery_n, attempt, at_ms, &error.code, &error.message))?;
    Ok(())
}

/// In order; with what was sent and answered only if asked for.
pub(crate) fn of_delivery(
    conn: &Connection,
    delivery_n: i64,
    whole: bool,
) -> Result<Vec<AttemptRow>, Error> {
    let exchange = if whole { "sent, answer" } else { "NULL, NULL" };
    let sql = format!(
        "SELECT attempt, status, started_at_ms, ended_at_ms, http_status, error_code,
            error_message, timings, certificate, {exchange}
         FROM delivery_attempts WHERE delivery_n = ?1 ORDER BY attempt"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([delivery_n], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<AttemptRow> {
    let error = match (row.get(5)?, row.get(6)?) {
        (Some(code), Some(message)) => Some(RecordedError { code, message }),
        _ => None,
    };
    Ok(AttemptRow {
        n: row.get(0)?,
        status: columns::name(row, 1)?,
        started_at_ms: row.get(2)?,
        ended_at_ms: row.get(3)?,
        http_status: row.get(4)?,
        error,
        timings: columns::json_if_any(row, 7)?.unwrap_or_default(),
        certificate: columns::json_if_any(row, 8)?,
        sent: columns::json_if_any(row, 9)?,
        answer: columns::json_if_any(row, 10)?,
    })
}

/// Every attempt of a job's deliveries.
pub(crate) fn delete_of_job(conn: &Connection, job_id: JobId) -> Result<(), Error> {
    conn.prepare_cached(
        "DELETE FROM delivery_attempts
         WHERE delivery_n IN (SELECT n FROM deliveries WHERE job_id = ?1)",
    )?
    .execute([job_id.0])?;
    Ok(())
}
