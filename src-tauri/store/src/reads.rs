//! What the control API shows: lists by page, and single things whole. A page costs the same at a million rows as at
//! a thousand: every list begins at a cursor and reads an index in its order.

use std::collections::HashMap;

use hookloom_model::journal::JournalEntry;
use hookloom_model::request::StoredRequest;
use hookloom_model::{DeliveryId, DeliveryStatus, FlowId, JobId, JobStatus, RequestId};
use rusqlite::Connection;

use crate::error::Error;
use crate::store::Store;
use crate::table::deliveries::{self, StoredDelivery};
use crate::table::delivery_attempts::{self, AttemptRow};
use crate::table::jobs::{self, JobRow};
use crate::table::rejection_counts::{self, RejectionCount};
use crate::table::requests::{self, RequestFilter, RequestRow};
use crate::table::{flows, journal};

/// A page has at most this many rows, whatever is asked for.
pub const PAGE_ROWS_MAX: u32 = 500;

/// Rows of a list, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// Where the next page begins; none if this was the last.
    pub next: Option<i64>,
}

/// Which jobs a list shows.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Of this flow, also after it was deleted.
    pub flow: Option<String>,
    /// In this state.
    pub status: Option<JobStatus>,
}

/// Which deliveries a list shows.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Of this flow, also after it was deleted.
    pub flow: Option<String>,
    /// In this state.
    pub status: Option<DeliveryStatus>,
    /// Of this job.
    pub job: Option<JobId>,
}

/// How many deliveries a job has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// All.
    pub total: u64,
    /// That arrived.
    pub delivered: u64,
    /// That failed for good.
    pub failed: u64,
    /// That have not ended.
    pub open: u64,
}

impl Store {
    /// Jobs, newest first, before the cursor.
    pub async fn jobs(
        &self,
        filter: JobFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<JobRow>, Error> {
        self.read(move |conn| jobs_page(conn, &filter, before.unwrap_or(i64::MAX), limit))
            .await
    }

    /// One job.
    pub async fn job(&self, id: JobId) -> Result<JobRow, Error> {
        self.read(move |conn| {
            jobs::by_id(conn, id)?.ok_or_else(|| Error::not_found(format!("job {id}")))
        })
        .await
    }

    /// Events of a job, in order, from `seq` on. An unknown job has none.
    pub async fn journal_entries(
        &self,
        id: JobId,
        from_seq: u64,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, Error> {
        self.read(move |conn| journal::entries(conn, id, from_seq, limit))
            .await
    }

    /// Deliveries of each of these jobs, counted; a job without any is left out.
    pub async fn delivery_counts(
        &self,
        jobs: Vec<JobId>,
    ) -> Result<HashMap<JobId, DeliveryCounts>, Error> {
        self.read(move |conn| {
            let mut counts: HashMap<_, DeliveryCounts> = HashMap::new();
            for (job, status, count) in deliveries::counts_of_jobs(conn, &jobs)? {
                counts.entry(job).or_default().add(status, count);
            }
            Ok(counts)
        })
        .await
    }

    /// Requests, newest first, before the cursor.
    pub async fn requests(
        &self,
        filter: RequestFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<RequestRow>, Error> {
        self.read(move |conn| {
            let limit = limit.clamp(1, PAGE_ROWS_MAX);
            let flow_id = match &filter.flow {
                None => None,
                Some(name) => match flows::id_by_name(conn, name)? {
                    None => return Ok(Page::empty()),
                    found => found,
                },
            };
            let before = before.unwrap_or(i64::MAX);
            let items = requests::page(conn, flow_id, &filter, before, limit + 1)?;
            Ok(Page::cut(items, limit, |row| row.n))
        })
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

    /// Deliveries, newest first, before the cursor, each with its attempts but without what was sent and answered.
    pub async fn deliveries(
        &self,
        filter: DeliveryFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<(StoredDelivery, Vec<AttemptRow>)>, Error> {
        self.read(move |conn| {
            let before = before.unwrap_or(i64::MAX);
            let page = deliveries_page(conn, &filter, before, limit)?;
            let items = with_attempts(conn, page.items, false)?;
            Ok(Page {
                items,
                next: page.next,
            })
        })
        .await
    }

    /// One delivery with its attempts, whole.
    pub async fn stored_delivery(
        &self,
        id: DeliveryId,
    ) -> Result<(StoredDelivery, Vec<AttemptRow>), Error> {
        self.read(move |conn| {
            let delivery = deliveries::with_id(conn, id)?;
            let attempts = delivery_attempts::of_delivery(conn, delivery.n, true)?;
            Ok((delivery, attempts))
        })
        .await
    }

    /// Deliveries of a job in the order in which they were made, with their attempts, whole.
    pub async fn deliveries_of_job(
        &self,
        id: JobId,
    ) -> Result<Vec<(StoredDelivery, Vec<AttemptRow>)>, Error> {
        self.read(move |conn| with_attempts(conn, deliveries::of_job(conn, id)?, true))
            .await
    }
}

impl<T> Page<T> {
    fn empty() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// One row more than asked for tells that there is another page.
    fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

impl DeliveryCounts {
    fn add(&mut self, status: DeliveryStatus, count: u64) {
        self.total += count;
        match status {
            DeliveryStatus::Delivered => self.delivered += count,
            DeliveryStatus::Failed => self.failed += count,
            DeliveryStatus::Pending | DeliveryStatus::Sending | DeliveryStatus::Waiting => {
                self.open += count;
            }
            DeliveryStatus::Canceled => {}
        }
    }
}

fn jobs_page(
    conn: &Connection,
    filter: &JobFilter,
    before: i64,
    limit: u32,
) -> Result<Page<JobRow>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    if filter.flow.is_none() && filter.status.is_none() {
        let items = jobs::page(conn, before, limit + 1)?;
        return Ok(Page::cut(items, limit, |row| row.id.0));
    }
    let statuses = filter
        .status
        .map_or(JobStatus::ALL.to_vec(), |one| vec![one]);
    let ids = merged(
        &flow_ids(conn, filter.flow.as_deref())?,
        &statuses,
        limit + 1,
        |flow, status| jobs::ids_before(conn, flow, status, before, limit + 1),
    )?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.extend(jobs::by_id(conn, JobId(id))?);
    }
    Ok(Page::cut(items, limit, |row| row.id.0))
}

fn deliveries_page(
    conn: &Connection,
    filter: &DeliveryFilter,
    before: i64,
    limit: u32,
) -> Result<Page<StoredDelivery>, Error> {
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    if let Some(job) = filter.job {
        let mut items = deliveries::of_job(conn, job)?;
        items.retain(|row| {
            row.n < before
                && filter.status.is_none_or(|status| row.status == status)
                && filter.flow.as_ref().is_none_or(|flow| row.flow == *flow)
        });
        items.reverse();
        return Ok(Page::cut(items, limit, |row| row.n));
    }
    if filter.flow.is_none() && filter.status.is_none() {
        let items = deliveries::page(conn, before, limit + 1)?;
        return Ok(Page::cut(items, limit, |row| row.n));
    }
    let statuses = filter
        .status
        .map_or(DeliveryStatus::ALL.to_vec(), |one| vec![one]);
    let numbers = merged(
        &flow_ids(conn, filter.flow.as_deref())?,
        &statuses,
        limit + 1,
        |flow, status| deliveries::numbers_before(conn, flow, status, before, limit + 1),
    )?;
    let mut items = Vec::with_capacity(numbers.len());
    for n in numbers {
        items.extend(deliveries::by_number(conn, n)?);
    }
    Ok(Page::cut(items, limit, |row| row.n))
}

/// The flow that is asked for, or all.
fn flow_ids(conn: &Connection, flow: Option<&str>) -> Result<Vec<FlowId>, Error> {
    match flow {
        Some(name) => Ok(flows::id_by_name(conn, name)?.into_iter().collect()),
        None => flows::ids(conn),
    }
}

/// The newest of what several searches of one index find, each of them newest first.
fn merged<S: Copy>(
    flows: &[FlowId],
    statuses: &[S],
    limit: u32,
    search: impl Fn(FlowId, S) -> Result<Vec<i64>, Error>,
) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    for flow in flows {
        for status in statuses {
            found.extend(search(*flow, *status)?);
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

fn with_attempts(
    conn: &Connection,
    rows: Vec<StoredDelivery>,
    whole: bool,
) -> Result<Vec<(StoredDelivery, Vec<AttemptRow>)>, Error> {
    rows.into_iter()
        .map(|row| {
            let attempts = delivery_attempts::of_delivery(conn, row.n, whole)?;
            Ok((row, attempts))
        })
        .collect()
}
