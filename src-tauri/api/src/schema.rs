//! What describes us: the JSON Schema of the flow document, and the OpenAPI description.

use axum::response::{IntoResponse, Response};
use hookloom_model::document::json_schema;

use crate::answer::JsonText;
use crate::error::Error;
use crate::identity::CanRead;
use crate::openapi::openapi_json;

/// The JSON Schema of the flow document.
#[utoipa::path(get, path = "/schema/flow", tag = "schema", security(("bearer" = ["read"])),
    responses((status = 200, description = "A JSON Schema", body = Object, content_type = "application/json")))]
pub(crate) async fn get_flow_schema(_: CanRead) -> Result<Response, Error> {
    let text = serde_json::to_string_pretty(&json_schema()).map_err(Error::internal)?;
    Ok(JsonText(text).into_response())
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "schema", security(("bearer" = ["read"])),
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")))]
pub(crate) async fn get_openapi(_: CanRead) -> Result<Response, Error> {
    Ok(JsonText(openapi_json()).into_response())
}
