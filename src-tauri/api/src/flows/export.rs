//! `GET /flows/{name}/export`

use axum::extract::State;
use axum::response::Response;

use super::get::VersionQuery;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::{Named, Query};
use crate::state::ApiState;

/// The flow document as a file: stable key order, two spaces. Webhook tasks are in it, values of secrets never are.
#[utoipa::path(get, path = "/flows/{name}/export", tag = "flows", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name"), VersionQuery),
    responses((status = 200, description = "The document", body = Object, content_type = "application/json")))]
pub(crate) async fn export_flow(
    _: CanRead,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Query(_query): Query<VersionQuery>,
) -> Result<Response, Error> {
    Err(Error::unavailable())
}
