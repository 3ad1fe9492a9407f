//! `GET /jobs`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::JobSummary;
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
    State(_state): State<ApiState>,
    Query(_filter): Query<JobsQuery>,
    Query(_page): Query<PageQuery>,
) -> Result<Answer<JobList>, Error> {
    Err(Error::unavailable())
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
