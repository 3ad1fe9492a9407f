//! Requests, and the count of those that are not kept.

use hookloom_model::RequestId;
use hookloom_model::request::StoredRequest;
use rusqlite::Connection;

use super::page::{PAGE_ROWS_MAX, Page};
use crate::error::Error;
use crate::store::Store;
use crate::table::flows;
use crate::table::rejection_counts::{self, RejectionCount};
use crate::table::requests::{self, RequestFilter, RequestRow};

impl Store {
    /// Requests, newest first, before the cursor.
    pub async fn requests(
        &self,
        filter: RequestFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<RequestRow>, Error> {
        self.read(move |conn| requests_page(conn, &filter, before.unwrap_or(i64::MAX), limit))
            .await
    }

    /// One request, whole.
    pub async fn request(&self, id: RequestId) -> Result<StoredRequest, Error> {
        self.read(move |conn| {
            requests::by_id(conn, id)?.ok_or_else(|| Error::not_found(format!("the request {id}")))
        })
        .await
    }

    /// One request as lists show it.
    pub async fn request_row(&self, id: RequestId) -> Result<RequestRow, Error> {
        self.read(move |conn| {
            requests::row_by_id(conn, id)?
                .ok_or_else(|| Error::not_found(format!("the request {id}")))
        })
        .await
    }

    /// Rejected requests beyond those that are kept, the newest minute first.
    pub async fn rejection_counts(&self, limit: u32) -> Result<Vec<RejectionCount>, Error> {
        let limit = limit.clamp(1, PAGE_ROWS_MAX);
        self.read(move |conn| rejection_counts::list(conn, limit))
            .await
    }
}

pub(super) fn requests_page(
    conn: &Connection,
    filter: &RequestFilter,
    before: i64,
    limit: u32,
) -> Result<Page<RequestRow>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let flow_id = match &filter.flow {
        None => None,
        Some(name) => match flows::id_by_name(conn, name)? {
            None => return Ok(Page::empty()),
            found => found,
        },
    };
    let items = requests::page(conn, flow_id, filter, before, limit + 1)?;
    Ok(Page::cut(items, limit, |row| row.n))
}
