//! `GET /jobs`

use axum::extract::State;
use hookloom_store::{JobFilter, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::{JobSummary, summaries};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::parts::JobStatus;
use crate::state::ApiState;

/// Jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", security(("bearer" = ["read"])),
    params(JobsQuery, PageQuery),
    responses((status = 200, description = "A page of jobs", body = JobList)))]
pub(crate) async fn list_jobs(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<JobsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<JobList>, Error> {
    let (limit, before) = page.read()?;
    let JobsQuery { status, flow } = filter;
    let filter = JobFilter {
        flow,
        status: status.map(Into::into),
    };
    let Page { items, next } = state.store.jobs(filter, before, limit).await?;
    let items = summaries(&state, items).await?;
    Ok(Answer(JobList {
        items,
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    pub status: Option<JobStatus>,
    /// The name of a flow.
    pub flow: Option<String>,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobList {
    pub items: Vec<JobSummary>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
}
