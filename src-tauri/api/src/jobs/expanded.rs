//! `GET /jobs/expanded`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::detail::{self, JobDetail};
use super::list::{FoundJobs, JobsQuery, find};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::state::ApiState;
use crate::time::At;

/// Jobs of one page: each of them may be long.
const EXPANDED_JOBS_MAX: u32 = 25;

/// Jobs, newest first, each in the shape that it has by itself. A page has at most 25, whatever `limit` says.
#[utoipa::path(get, path = "/jobs/expanded", tag = "jobs", security(("bearer" = ["read"])),
    params(JobsQuery, PageQuery),
    responses((status = 200, description = "A page of jobs", body = ExpandedJobList)))]
pub(crate) async fn list_expanded_jobs(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<JobsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<ExpandedJobList>, Error> {
    let (limit, before) = page.read()?;
    let limit = limit.min(EXPANDED_JOBS_MAX);
    let FoundJobs {
        rows,
        next,
        scanned_to,
    } = find(&state, filter, before, limit).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        match detail::read(&state, row.id).await {
            Ok(job) => items.push(job),
            // Retention took it meanwhile.
            Err(error) if error.code() == ErrorCode::JobNotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Answer(ExpandedJobList {
        items,
        next,
        scanned_to,
    }))
}

/// A page of jobs with everything that belongs to them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpandedJobList {
    pub items: Vec<JobDetail>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
    /// Of a search: up to when everything was looked at. Null without one.
    pub scanned_to: Option<At>,
}
