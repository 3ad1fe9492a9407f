//! `GET /requests`

use axum::extract::State;
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
    State(_state): State<ApiState>,
    Query(_filter): Query<RequestsQuery>,
    Query(_page): Query<PageQuery>,
) -> Result<Answer<RequestList>, Error> {
    Err(Error::unavailable())
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
