//! `GET /requests`

use axum::extract::State;
use hookloom_store::{Page, RequestFilter, RequestRow, Searched};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::summary::RequestSummary;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::parts::Verdict;
use crate::search::Wanted;
use crate::state::ApiState;
use crate::time::At;

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
        search,
    } = filter;
    let filter = RequestFilter {
        flow,
        endpoint,
        verdict: verdict.map(Into::into),
    };
    let masked = state.masked();
    let (items, next, scanned_to) = match search {
        None => {
            let Page { items, next } = state.store.requests(filter, before, limit).await?;
            (items, next, None)
        }
        Some(text) => {
            let wanted = Wanted::new(&text, state.masked())?;
            let fits = move |row: &RequestRow, body: &[u8]| {
                wanted.is_in(&row.path) || wanted.is_in_bytes(body)
            };
            let Searched {
                items,
                next,
                scanned_to_ms,
            } = state
                .store
                .search_requests(filter, before, limit, fits)
                .await?;
            (items, next, scanned_to_ms)
        }
    };
    let items = items
        .into_iter()
        .map(|row| RequestSummary::new(row, &masked))
        .collect();
    Ok(Answer(RequestList {
        items,
        next: next.map(|cursor| cursor.to_string()),
        scanned_to: scanned_to.map(At::from_ms),
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
    /// A text that stands in the body or the path, in any case. It is looked for in what is shown, so no secret is found
    /// by it; files are not looked into. A piece of the list is searched at a time: go on with `next`.
    pub search: Option<String>,
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestList {
    pub items: Vec<RequestSummary>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
    /// Of a search: up to when everything was looked at. Null without one.
    pub scanned_to: Option<At>,
}
