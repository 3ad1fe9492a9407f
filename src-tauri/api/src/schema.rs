//! What describes us: the JSON Schema of the flow document, and the OpenAPI description.

use axum::response::Response;

use crate::error::Error;
use crate::identity::CanRead;

/// The JSON Schema of the flow document.
#[utoipa::path(get, path = "/schema/flow", tag = "schema", security(("bearer" = ["read"])),
    responses((status = 200, description = "A JSON Schema", body = Object, content_type = "application/json")))]
pub(crate) async fn get_flow_schema(_: CanRead) -> Result<Response, Error> {
    Err(Error::unavailable())
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "schema", security(("bearer" = ["read"])),
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")))]
pub(crate) async fn get_openapi(_: CanRead) -> Result<Response, Error> {
    Err(Error::unavailable())
}
