//! Operations on old paths of endpoints that were renamed or moved: they lead to the endpoint until they are deleted.

use axum::extract::State;
use hookloom_store::AliasRow;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::endpoint_tokens::{EndpointFilter, owners};
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::{Numbered, Query};
use crate::state::ApiState;
use crate::time::At;

/// Every old path that leads to an endpoint.
#[utoipa::path(get, path = "/endpoint_aliases", tag = "endpoints", security(("bearer" = ["read"])),
    params(EndpointFilter),
    responses((status = 200, description = "The old paths, newest first", body = EndpointAliasList)))]
pub(crate) async fn list_endpoint_aliases(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<EndpointFilter>,
) -> Result<Answer<EndpointAliasList>, Error> {
    let owners = owners(&state).await?;
    let shown = |row: AliasRow| {
        let AliasRow {
            id,
            path,
            endpoint,
            created_at_ms,
        } = row;
        // One that leads nowhere now is told of when its endpoint is there again.
        let flow = owners.get(&endpoint)?.clone();
        filter.takes(Some(&flow), &endpoint).then(|| EndpointAlias {
            id,
            path,
            flow,
            endpoint,
            created_at: At::from_ms(created_at_ms),
        })
    };
    let rows = state.store.endpoint_aliases().await?;
    Ok(Answer(EndpointAliasList {
        items: rows.into_iter().filter_map(shown).collect(),
    }))
}

/// Deletes an old path: it is unknown from now on.
#[utoipa::path(delete, path = "/endpoint_aliases/{id}", tag = "endpoints", security(("bearer" = ["manage"])),
    params(("id" = i64, Path, description = "The old path's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_endpoint_alias(
    _: CanManage,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<StatusCode, Error> {
    if state.store.delete_endpoint_alias(id).await? {
        state.host.reload_endpoints().await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no old path with the id {id}.");
    Err(Error::not_found(ErrorCode::AliasNotFound, message))
}

/// Old paths of endpoints, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointAliasList {
    pub items: Vec<EndpointAlias>,
}

/// An old path of an endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndpointAlias {
    pub id: i64,
    /// Such as `/in/orders/{id}`.
    pub path: String,
    pub flow: String,
    /// The endpoint's name today.
    pub endpoint: String,
    pub created_at: At,
}
