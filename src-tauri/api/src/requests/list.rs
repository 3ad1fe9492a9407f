//! `GET /requests`

use axum::extract::State;
use hookloom_store::{Page, RequestFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::RequestSummary;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::parts::Verdict;
use crate::state::ApiState;

/// Inbound requests, newest first.
#[utoipa::path(get, path = "/requests", tag = "requests", security(("bearer" = ["read"])),
    params(RequestsQuery, PageQuery),
    responses((status = 200, description = "A page of requests", body = RequestList)))]
pub(crate) async fn list_requests(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<RequestsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<RequestList>, Error> {
    let (limit, before) = page.read()?;
    let RequestsQuery {
        verdict,
        flow,
        endpoint,
    } = filter;
    let filter = RequestFilter {
        flow,
        endpoint,
        verdict: verdict.map(Into::into),
    };
    let Page { items, next } = state.store.requests(filter, before, limit).await?;
    let masked = state.masked();
    let items = items
        .into_iter()
        .map(|row| RequestSummary::new(row, &masked))
        .collect();
    Ok(Answer(RequestList {
        items,
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// Which requests.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    pub verdict: Option<Verdict>,
    /// The name of a flow.
    pub flow: Option<String>,
    /// The name of an endpoint.
    pub endpoint: Option<String>,
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestList {
    pub items: Vec<RequestSummary>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
}
