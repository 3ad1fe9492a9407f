//! `GET /flows/{name}/export`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hookloom_model::document::canonical;
use hookloom_store::FlowRecord;

use super::get::VersionQuery;
use super::layout::Layout;
use crate::answer::JsonText;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::{Named, Query};
use crate::state::ApiState;

/// The flow document as a file: stable key order, two spaces. Webhook tasks are in it, values of secrets never are. The
/// draft's ends with the `layout` of the canvas, if somebody moved something there.
#[utoipa::path(get, path = "/flows/{name}/export", tag = "flows", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name"), VersionQuery),
    responses((status = 200, description = "The document", body = Object, content_type = "application/json")))]
pub(crate) async fn export_flow(
    _: CanRead,
    State(state): State<ApiState>,
    Named(name): Named,
    Query(query): Query<VersionQuery>,
) -> Result<Response, Error> {
    let text = match query.version {
        None => {
            let flow = state.store.flow(&name).await;
            with_layout(flow.or_missing(ErrorCode::FlowNotFound)?)?
        }
        Some(version) => {
            let text = state.store.flow_document(&name, version).await;
            text.or_missing(ErrorCode::VersionNotFound)?.to_string()
        }
    };
    Ok(JsonText(text).into_response())
}

fn with_layout(flow: FlowRecord) -> Result<String, Error> {
    let Some(layout) = flow.layout else {
        return Ok(flow.draft);
    };
    let mut document = serde_json::from_str(&flow.draft).map_err(Error::internal)?;
    Layout::put_into(&layout, &mut document)?;
    Ok(canonical(&document))
}
