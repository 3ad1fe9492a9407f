//! Lists searched for what no index knows: newest first, a bounded piece at a time, so that a search neither holds a
//! reader up nor costs more the longer the history is. The caller goes on where a piece ended.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::jobs::{JobFilter, jobs_page};
use super::page::PAGE_ROWS_MAX;
use super::requests::requests_page;
use crate::error::Error;
use crate::store::Store;
use crate::table::jobs::JobRow;
use crate::table::requests::{self, RequestFilter, RequestRow};

/// Rows that one piece looks at.
pub const SEARCH_ROWS_MAX: usize = 5_000;
/// How long one piece looks.
pub const SEARCH_MS_MAX: u64 = 300;
/// Of a body this much is looked at.
pub const SEARCH_BODY_BYTES_MAX: usize = 1024 * 1024;

/// What a piece of a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched<T> {
    /// At most as many as were asked for, newest first.
    pub items: Vec<T>,
    /// Where the next piece begins; none if everything was looked at.
    pub next: Option<i64>,
    /// When what was looked at last came, Unix milliseconds; none if there was nothing to look at.
    pub scanned_to_ms: Option<i64>,
}

impl Store {
    /// Requests, newest first, before the cursor, that fit: by their row and the begin of their body.
    pub async fn search_requests(
        &self,
        filter: RequestFilter,
        before: Option<i64>,
        limit: u32,
        fits: impl Fn(&RequestRow, &[u8]) -> bool + Send + 'static,
    ) -> Result<Searched<RequestRow>, Error> {
        self.read(move |conn| {
            search(
                before,
                limit,
                |before| {
                    let page = requests_page(conn, &filter, before, PAGE_ROWS_MAX)?;
                    Ok((page.items, page.next))
                },
                |row| (row.n, row.at_ms),
                |row| Ok(fits(row, &body(conn, row)?)),
            )
        })
        .await
    }

    /// Jobs, newest first, before the cursor, that fit by their row.
    pub async fn search_jobs(
        &self,
        filter: JobFilter,
        before: Option<i64>,
        limit: u32,
        fits: impl Fn(&JobRow) -> bool + Send + 'static,
    ) -> Result<Searched<JobRow>, Error> {
        self.read(move |conn| {
            search(
                before,
                limit,
                |before| {
                    let page = jobs_page(conn, &filter, before, PAGE_ROWS_MAX)?;
                    Ok((page.items, page.next))
                },
                |row| (row.id.0, row.queued_at_ms),
                |row| Ok(fits(row)),
            )
        })
        .await
    }
}

fn body(conn: &Connection, row: &RequestRow) -> Result<Vec<u8>, Error> {
    let mut body = requests::body(conn, row.id)?;
    body.truncate(SEARCH_BODY_BYTES_MAX);
    Ok(body)
}

/// One piece.
fn search<T>(
    before: Option<i64>,
    limit: u32,
    page: impl Fn(i64) -> Result<(Vec<T>, Option<i64>), Error>,
    place: impl Fn(&T) -> (i64, i64),
    fits: impl Fn(&T) -> Result<bool, Error>,
) -> Result<Searched<T>, Error> {
    let limit = usize::try_from(limit.clamp(1, PAGE_ROWS_MAX)).unwrap_or(usize::MAX);
    let until = Instant::now() + Duration::from_millis(SEARCH_MS_MAX);
    let mut searched = Searched {
        items: Vec::new(),
        next: before.or(Some(i64::MAX)),
        scanned_to_ms: None,
    };
    let mut looked_at = 0;
    while let Some(before) = searched.next {
        let (rows, next) = page(before)?;
        let mut is_last = next.is_none();
        let count = rows.len();
        for (index, row) in rows.into_iter().enumerate() {
            let (cursor, at_ms) = place(&row);
            searched.next = Some(cursor);
            searched.scanned_to_ms = Some(at_ms);
            looked_at += 1;
            if fits(&row)? {
                searched.items.push(row);
            }
            let is_enough = searched.items.len() >= limit
                || looked_at >= SEARCH_ROWS_MAX
                || Instant::now() >= until;
            if is_enough {
                is_last &= index + 1 == count;
                if is_last {
                    searched.next = None;
                }
                return Ok(searched);
            }
        }
        if is_last {
            searched.next = None;
        }
    }
    Ok(searched)
}
