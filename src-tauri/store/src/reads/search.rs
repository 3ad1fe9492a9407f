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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pages of rows that are numbered downwards to one.
    fn page(count: i64, size: i64) -> impl Fn(i64) -> Result<(Vec<i64>, Option<i64>), Error> {
        move |before| {
            let newest = (before - 1).min(count);
            let oldest = (newest - size + 1).max(1);
            let rows: Vec<i64> = (oldest..=newest).rev().collect();
            let next = rows.last().copied().filter(|last| *last > 1);
            Ok((rows, next))
        }
    }

    proptest! {
        #[test]
        fn pieces_one_after_another_find_everything_once(count in 0i64..400, size in 1i64..50, limit in 1u32..20, every in 1i64..30) {
            let mut found = Vec::new();
            let mut before = None;
            loop {
                let piece = search(before, limit, page(count, size), |row| (*row, *row), |row| Ok(row % every == 0));
                let piece = piece.expect("nothing fails");
                prop_assert!(piece.items.len() <= limit as usize);
                found.extend(piece.items);
                before = piece.next;
                if before.is_none() {
                    break;
                }
            }
            let expected: Vec<i64> = (1..=count).rev().filter(|row| row % every == 0).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_piece_looks_at_so_many_rows_and_says_where_it_ended() {
        let rows = i64::try_from(SEARCH_ROWS_MAX).expect("it is small");
        let piece = search(
            None,
            10,
            page(2 * rows, 500),
            |row| (*row, -row),
            |_| Ok(false),
        );
        let piece = piece.expect("nothing fails");
        // A slow machine may look at fewer.
        let last = piece.next.expect("there is more");
        assert!(last > rows && piece.items.is_empty(), "{last}");
        assert_eq!(piece.scanned_to_ms, Some(-last));
    }
}
