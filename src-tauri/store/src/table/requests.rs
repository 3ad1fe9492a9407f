//! Inbound requests as they arrived. The body is the last column, and large ones lie in `blobs`, so that lists
//! never read them.

use hookloom_model::request::{Reason, RequestRecord, StoredRequest};
use hookloom_model::{FlowId, JobId, RequestId, Verdict};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::jobs::NEWER_MAX;
use super::{blobs, columns, files};
use crate::error::Error;

/// Bodies over this size lie in `blobs`.
pub(crate) const BODY_INLINE_BYTES_MAX: usize = 64 * 1024;

pub(crate) const SQL: &str = "
CREATE TABLE requests (
    -- The order of arrival, also of requests that are stored later: what lists page by. See `INSERT`.
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    flow_id INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    verdict TEXT NOT NULL,
    status INTEGER NOT NULL,
    reason_code TEXT,
    reason_message TEXT,
    job_id INTEGER,
    duplicate_of BLOB,
    body_bytes INTEGER NOT NULL,
    body_sha256 TEXT,
    sealed_headers BLOB,
    -- How it reached its endpoint, as JSON, where that says more than the path.
    way TEXT,
    headers TEXT NOT NULL,
    -- NULL: in blobs, under the request's id.
    body BLOB
) STRICT;
-- For by_id.
CREATE UNIQUE INDEX requests_by_id ON requests (id);
-- For page with a flow.
CREATE INDEX requests_by_flow ON requests (flow_id);
-- For page with a verdict, and with a flow and a verdict. Accepted requests, the many, cost nothing here.
CREATE INDEX requests_by_verdict ON requests (verdict) WHERE verdict <> 'accepted';
CREATE INDEX requests_by_flow_verdict ON requests (flow_id, verdict) WHERE verdict <> 'accepted';
";

/// A request's number is its time, and behind that its place among the requests of the same millisecond. What was
/// rejected is stored a little later than it came, and stands in lists where it belongs all the same.
const INSERT: &str = "
INSERT INTO requests (n, id, at_ms, endpoint, flow_id, method, path, remote_address, verdict,
    status, reason_code, reason_message, job_id, duplicate_of, body_bytes, body_sha256,
    sealed_headers, headers, body, way)
VALUES (
    (SELECT COALESCE(MAX(n) + 1, ?20) FROM requests WHERE n >= ?20 AND n < ?20 + (1 << 20)),
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";

/// Numbers that each millisecond has.
const NUMBER_BITS: u32 = 20;

/// A request in a list: without headers and body.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestRow {
    /// The order of arrival, for cursors.
    pub n: i64,
    /// Its id.
    pub id: RequestId,
    /// When its head had arrived, Unix milliseconds.
    pub at_ms: i64,
    /// The endpoint's name.
    pub endpoint: String,
    /// The endpoint's flow.
    pub flow_id: FlowId,
    /// The flow's name.
    pub flow: String,
    /// GET, POST, …
    pub method: String,
    /// Path and query as shown.
    pub path: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The HTTP status of our answer.
    pub status: u16,
    /// Why it was not simply accepted.
    pub reason: Option<Reason>,
    /// The job that it began.
    pub job_id: Option<JobId>,
    /// The length of the body as received.
    pub body_bytes: u64,
}

/// Which requests a list shows.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Of this flow, also after it was deleted.
    pub flow: Option<String>,
    /// Of this endpoint.
    pub endpoint: Option<String>,
    /// With this verdict.
    pub verdict: Option<Verdict>,
}

/// Links of a record to others.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Links {
    pub(crate) job_id: Option<JobId>,
    pub(crate) duplicate_of: Option<RequestId>,
}

pub(crate) fn insert(
    conn: &Connection,
    record: &RequestRecord,
    verdict: Verdict,
    links: Links,
) -> Result<(), Error> {
    let apart = record.body.len() > BODY_INLINE_BYTES_MAX;
    conn.prepare_cached(INSERT)?.execute(rusqlite::params![
        record.id.to_bytes(),
        record.at_ms,
        record.endpoint,
        record.flow_id.0,
        record.method,
        record.path,
        record.remote_address,
        verdict.as_str(),
        record.status,
        record.reason.as_ref().map(|reason| &reason.code),
        record.reason.as_ref().map(|reason| &reason.message),
        links.job_id.map(|id| id.0),
        links.duplicate_of.map(RequestId::to_bytes),
        record.body_bytes,
        record.body_sha256,
        record.sealed_headers,
        columns::to_json("requests.headers", &record.headers)?,
        (!apart).then_some(&record.body),
        record
            .way
            .as_ref()
            .map(|way| columns::to_json("requests.way", way))
            .transpose()?,
        first_number_of(record.at_ms),
    ])?;
    if apart {
        blobs::put(conn, &record.id.to_string(), &record.body)?;
    }
    files::insert(conn, record.id, &record.files)
}

/// The first number that a request of this time can have.
fn first_number_of(at_ms: i64) -> i64 {
    at_ms.clamp(0, i64::MAX >> (NUMBER_BITS + 1)) << NUMBER_BITS
}

/// What a call was answered with at last.
pub(crate) fn set_status(conn: &Connection, id: RequestId, status: u16) -> Result<(), Error> {
    conn.prepare_cached("UPDATE requests SET status = ?2 WHERE id = ?1")?
        .execute((id.to_bytes(), status))?;
    Ok(())
}

/// Why a call was answered so.
pub(crate) fn set_reason(conn: &Connection, id: RequestId, reason: &Reason) -> Result<(), Error> {
    conn.prepare_cached("UPDATE requests SET reason_code = ?2, reason_message = ?3 WHERE id = ?1")?
        .execute((id.to_bytes(), &reason.code, &reason.message))?;
    Ok(())
}

/// A request that was held begins its first job, when somebody replays it.
pub(crate) fn begins(conn: &Connection, id: RequestId, job_id: JobId) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE requests SET job_id = ?2 WHERE id = ?1 AND job_id IS NULL AND verdict = 'held'",
    )?
    .execute((id.to_bytes(), job_id.0))?;
    Ok(())
}

const ROW: &str = "n, id, at_ms, endpoint, flow_id,
    COALESCE((SELECT name FROM flows WHERE flows.id = requests.flow_id), ''), method, path, verdict,
    status, reason_code, reason_message, job_id, body_bytes";

fn read_row(row: &Row<'_>) -> rusqlite::Result<RequestRow> {
    Ok(RequestRow {
        n: row.get(0)?,
        id: columns::id(row, 1, RequestId::from_bytes)?,
        at_ms: row.get(2)?,
        endpoint: row.get(3)?,
        flow_id: FlowId(row.get(4)?),
        flow: row.get(5)?,
        method: row.get(6)?,
        path: row.get(7)?,
        verdict: columns::name(row, 8)?,
        status: row.get(9)?,
        reason: reason(row.get(10)?, row.get(11)?),
        job_id: row.get::<_, Option<i64>>(12)?.map(JobId),
        body_bytes: row.get(13)?,
    })
}

fn reason(code: Option<String>, message: Option<String>) -> Option<Reason> {
    code.map(|code| Reason {
        code,
        message: message.unwrap_or_default(),
    })
}

/// Newest first, those before the cursor.
pub(crate) fn page(
    conn: &Connection,
    flow_id: Option<FlowId>,
    filter: &RequestFilter,
    before: i64,
    limit: u32,
) -> Result<Vec<RequestRow>, Error> {
    let mut statement = conn.prepare_cached(&page_sql(flow_id, filter))?;
    let rows = statement.query_map(
        rusqlite::named_params! {
            ":before": before,
            ":limit": limit,
            ":flow": flow_id.map_or(0, |id| id.0),
            ":verdict": filter.verdict.map_or("", Verdict::as_str),
            ":endpoint": filter.endpoint.as_deref().unwrap_or(""),
        },
        read_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every page has the same parameters; those that a filter does not use always hold.
pub(crate) fn page_sql(flow_id: Option<FlowId>, filter: &RequestFilter) -> String {
    let flow = match flow_id {
        Some(_) => "flow_id = :flow",
        None => ":flow = 0",
    };
    let verdict = match filter.verdict {
        // The first part lets SQLite see that the partial indexes fit.
        Some(Verdict::Rejected | Verdict::Duplicate | Verdict::Held) => {
            "verdict <> 'accepted' AND verdict = :verdict"
        }
        // Nearly all are accepted: a search by the order of arrival passes few others.
        Some(Verdict::Accepted) => "+verdict = :verdict",
        None => ":verdict = ''",
    };
    let endpoint = match filter.endpoint {
        Some(_) => "endpoint = :endpoint",
        None => ":endpoint = ''",
    };
    format!(
        "SELECT {ROW} FROM requests WHERE n < :before AND {flow} AND {verdict} AND {endpoint}
         ORDER BY n DESC LIMIT :limit"
    )
}

/// A request's row in a list.
pub(crate) fn row_by_id(conn: &Connection, id: RequestId) -> Result<Option<RequestRow>, Error> {
    let sql = format!("SELECT {ROW} FROM requests WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read_row).optional()?)
}

/// The whole request.
pub(crate) fn by_id(conn: &Connection, id: RequestId) -> Result<Option<StoredRequest>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT at_ms, endpoint, flow_id, method, path, remote_address, verdict, status,
            reason_code, reason_message, job_id, duplicate_of, body_bytes, body_sha256,
            sealed_headers, headers, body, way
         FROM requests WHERE id = ?1",
    )?;
    let found = statement
        .query_row([id.to_bytes()], |row| {
            let body: Option<Vec<u8>> = row.get(16)?;
            let apart = body.is_none();
            let stored = StoredRequest {
                record: RequestRecord {
                    id,
                    at_ms: row.get(0)?,
                    endpoint: row.get(1)?,
                    flow_id: FlowId(row.get(2)?),
                    method: row.get(3)?,
                    path: row.get(4)?,
                    remote_address: row.get(5)?,
                    verdict: columns::name(row, 6)?,
                    status: row.get(7)?,
                    reason: reason(row.get(8)?, row.get(9)?),
                    body_bytes: row.get(12)?,
                    body_sha256: row.get(13)?,
                    sealed_headers: row.get(14)?,
                    way: match row.get_ref(17)? {
                        ValueRef::Null => None,
                        _ => Some(columns::json(row, 17)?),
                    },
                    headers: columns::json(row, 15)?,
                    body: body.unwrap_or_default(),
                    files: Vec::new(),
                },
                job_id: row.get::<_, Option<i64>>(10)?.map(JobId),
                duplicate_of: columns::id_if_any(row, 11, RequestId::from_bytes)?,
            };
            Ok((stored, apart))
        })
        .optional()?;
    let Some((mut stored, apart)) = found else {
        return Ok(None);
    };
    if apart {
        stored.record.body = blobs::get(conn, &id.to_string())?
            .ok_or_else(|| Error::not_found(format!("the body of the request {id}")))?;
    }
    stored.record.files = files::of_request(conn, id)?;
    Ok(Some(stored))
}

/// The body alone; empty where it is gone.
pub(crate) fn body(conn: &Connection, id: RequestId) -> Result<Vec<u8>, Error> {
    let mut statement = conn.prepare_cached("SELECT body FROM requests WHERE id = ?1")?;
    let inline: Option<Option<Vec<u8>>> = statement
        .query_row([id.to_bytes()], |row| row.get(0))
        .optional()?;
    match inline {
        Some(Some(body)) => Ok(body),
        Some(None) => Ok(blobs::get(conn, &id.to_string())?.unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}

/// Requests of a minute that were not accepted, of one endpoint and one verdict.
pub(crate) struct Others {
    pub(crate) minute_at_ms: i64,
    pub(crate) flow_id: i64,
    pub(crate) endpoint: String,
    pub(crate) verdict: Verdict,
    pub(crate) count: u64,
    pub(crate) last_at_ms: i64,
}

/// The index is named because SQLite does not know how few these are.
pub(crate) const OTHERS_SQL: &str = "SELECT at_ms - at_ms % 60000, flow_id, endpoint, verdict,
        COUNT(*), MAX(at_ms)
    FROM requests INDEXED BY requests_by_verdict
    WHERE verdict <> 'accepted' AND verdict IN ('rejected', 'duplicate', 'held')
        AND n >= ?1 AND n < ?2
    GROUP BY 1, 2, 3, 4";

/// Requests that were not accepted and came from one time to another, counted.
pub(crate) fn others_between(
    conn: &Connection,
    from_ms: i64,
    until_ms: i64,
) -> Result<Vec<Others>, Error> {
    let mut statement = conn.prepare_cached(OTHERS_SQL)?;
    let numbers = (first_number_of(from_ms), first_number_of(until_ms));
    let rows = statement.query_map(numbers, |row| {
        Ok(Others {
            minute_at_ms: row.get(0)?,
            flow_id: row.get(1)?,
            endpoint: row.get(2)?,
            verdict: columns::name(row, 3)?,
            count: row.get(4)?,
            last_at_ms: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A request as a sweep of old history sees it.
pub(crate) struct OldRequest {
    pub(crate) n: i64,
    pub(crate) id: RequestId,
    pub(crate) job_id: Option<JobId>,
}

/// Old requests in the order in which they came, after the given one; as with jobs, newer ones are passed over.
pub(crate) fn oldest(
    conn: &Connection,
    after: i64,
    until_ms: i64,
    limit: u32,
) -> Result<Vec<OldRequest>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT n, id, job_id FROM
            (SELECT n, id, job_id, at_ms FROM requests WHERE n > ?1 ORDER BY n LIMIT ?3)
         WHERE at_ms <= ?4 LIMIT ?2",
    )?;
    let mut rows = statement.query((after, limit, NEWER_MAX, until_ms))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(OldRequest {
            n: row.get(0)?,
            id: columns::id(row, 1, RequestId::from_bytes)?,
            job_id: row.get::<_, Option<i64>>(2)?.map(JobId),
        });
    }
    Ok(found)
}

/// The oldest requests: when the last of them came, and how many there are of as many as were asked for.
pub(crate) fn first(conn: &Connection, n: u32) -> Result<(Option<i64>, u32), Error> {
    let mut statement = conn.prepare_cached(
        "SELECT MAX(at_ms), COUNT(*) FROM (SELECT at_ms FROM requests ORDER BY n LIMIT ?1)",
    )?;
    Ok(statement.query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

pub(crate) fn delete(conn: &Connection, n: i64) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM requests WHERE n = ?1")?
        .execute([n])?;
    Ok(())
}
