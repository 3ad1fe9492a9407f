//! Deliveries with their attempts, and how many a job has.

use std::collections::HashMap;

use hookloom_model::{DeliveryId, DeliveryStatus, JobId};
use rusqlite::Connection;

use super::page::{PAGE_ROWS_MAX, Page, flow_ids, merged};
use crate::error::Error;
use crate::store::Store;
use crate::table::deliveries::{self, StoredDelivery};
use crate::table::delivery_attempts::{self, AttemptRow};

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
