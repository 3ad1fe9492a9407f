//! Jobs and their journals.

use hookloom_model::journal::JournalEntry;
use hookloom_model::{JobId, JobStatus};
use rusqlite::Connection;

use super::page::{PAGE_ROWS_MAX, Page, flow_ids, merged};
use crate::error::Error;
use crate::store::Store;
use crate::table::jobs::{self, JobRow};
use crate::table::journal;

/// Which jobs a list shows.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Of this flow, also after it was deleted.
    pub flow: Option<String>,
    /// In this state.
    pub status: Option<JobStatus>,
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
}

pub(super) fn jobs_page(
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
