//! `GET /jobs/{id}/journal`

use axum::extract::State;
use hookloom_model::{JobId, journal};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::{Numbered, Query};
use crate::masked::Masked;
use crate::page::PageQuery;
use crate::state::ApiState;
use crate::time::At;

/// The events of a job, newest first.
#[utoipa::path(get, path = "/jobs/{id}/journal", tag = "jobs", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id"), PageQuery),
    responses((status = 200, description = "A page of events", body = JournalPage)))]
pub(crate) async fn get_job_journal(
    _: CanRead,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
    Query(page): Query<PageQuery>,
) -> Result<Answer<JournalPage>, Error> {
    let (limit, before) = page.read()?;
    let job = state
        .store
        .job(JobId(id))
        .await
        .or_missing(ErrorCode::JobNotFound)?;
    // Entries count from 0 without a gap, so the page before `before` begins `limit` entries earlier.
    let end = before.map_or(job.next_seq, |before| {
        before.unsigned_abs().min(job.next_seq)
    });
    let begin = end.saturating_sub(limit.into());
    let count = u32::try_from(end - begin).unwrap_or(limit);
    let mut entries = state.store.journal_entries(JobId(id), begin, count).await?;
    entries.reverse();
    let masked = state.masked();
    let items = entries
        .into_iter()
        .map(|entry| shown(entry, &masked))
        .collect::<Result<_, _>>()?;
    Ok(Answer(JournalPage {
        items,
        next: (begin > 0).then(|| begin.to_string()),
    }))
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalPage {
    pub items: Vec<JournalEntry>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
}

/// One event of a job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JournalEntry {
    /// Counts from 0 within the job.
    pub seq: u64,
    pub at: At,
    /// What happened: `type`, and what belongs to it. Masked.
    #[schema(value_type = Object)]
    pub event: Value,
}

fn shown(entry: journal::JournalEntry, masked: &Masked) -> Result<JournalEntry, Error> {
    let journal::JournalEntry { seq, at_ms, event } = entry;
    let event = serde_json::to_value(event).map_err(Error::internal)?;
    Ok(JournalEntry {
        seq,
        at: At::from_ms(at_ms),
        event: masked.json_but_names(event),
    })
}
