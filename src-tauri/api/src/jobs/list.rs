//! `GET /jobs`

use axum::extract::State;
use hookloom_store::{JobFilter, JobRow, Page, Searched};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::{JobSummary, summaries};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::parts::JobStatus;
use crate::search::Wanted;
use crate::state::ApiState;
use crate::time::At;

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
    let FoundJobs {
        rows,
        next,
        scanned_to,
    } = find(&state, filter, before, limit).await?;
    let items = summaries(&state, rows).await?;
    Ok(Answer(JobList {
        items,
        next,
        scanned_to,
    }))
}

/// Rows of a page, and where it goes on.
pub(super) struct FoundJobs {
    pub rows: Vec<JobRow>,
    pub next: Option<String>,
    pub scanned_to: Option<At>,
}

/// A page of the list, or of what a search finds in it.
pub(super) async fn find(
    state: &ApiState,
    filter: JobsQuery,
    before: Option<i64>,
    limit: u32,
) -> Result<FoundJobs, Error> {
    let JobsQuery {
        status,
        flow,
        search,
    } = filter;
    let filter = JobFilter {
        flow,
        status: status.map(Into::into),
    };
    let (rows, next, scanned_to_ms) = match search {
        None => {
            let Page { items, next } = state.store.jobs(filter, before, limit).await?;
            (items, next, None)
        }
        Some(text) => {
            let wanted = Wanted::new(&text, state.masked())?;
            let fits = move |job: &JobRow| {
                let error = job.error.as_ref().map(|(error, _)| error);
                error.is_some_and(|error| wanted.is_in(&error.message) || wanted.is_in(&error.code))
            };
            let Searched {
                items,
                next,
                scanned_to_ms,
            } = state.store.search_jobs(filter, before, limit, fits).await?;
            (items, next, scanned_to_ms)
        }
    };
    Ok(FoundJobs {
        rows,
        next: next.map(|cursor| cursor.to_string()),
        scanned_to: scanned_to_ms.map(At::from_ms),
    })
}

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    pub status: Option<JobStatus>,
    /// The name of a flow.
    pub flow: Option<String>,
    /// A text that stands in a job's error, in any case. A piece of the list is searched at a time: go on with `next`.
    pub search: Option<String>,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobList {
    pub items: Vec<JobSummary>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
    /// Of a search: up to when everything was looked at. Null without one.
    pub scanned_to: Option<At>,
}
