//! `GET /jobs/{id}/journal`

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::{Numbered, Query};
use crate::page::PageQuery;
use crate::state::ApiState;
use crate::time::At;

/// The events of a job, newest first.
#[utoipa::path(get, path = "/jobs/{id}/journal", tag = "jobs", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id"), PageQuery),
    responses((status = 200, description = "A page of events", body = JournalPage)))]
pub(crate) async fn get_job_journal(
    _: CanRead,
    State(_state): State<ApiState>,
    Numbered(_id): Numbered,
    Query(_page): Query<PageQuery>,
) -> Result<Answer<JournalPage>, Error> {
    Err(Error::unavailable())
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
