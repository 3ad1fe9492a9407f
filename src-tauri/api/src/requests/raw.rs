//! `GET /requests/{id}/raw`

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use super::id_of;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::Named;
use crate::state::ApiState;

/// A body is given up to this many bytes: more than an endpoint takes unless it is told to.
const RAW_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How long the stored body is, where it was cut.
const BODY_BYTES: HeaderName = HeaderName::from_static("x-hookloom-body-bytes");
/// Whether a secret stood in it: then these are not the bytes that were kept.
const MASKED: HeaderName = HeaderName::from_static("x-hookloom-masked");

/// The bytes of a request's body as they were kept, up to 32 MiB, as a download. Where a secret stands in them it is
/// masked, and the header `x-hookloom-masked` says so; `x-hookloom-body-bytes` is the length of the whole.
#[utoipa::path(get, path = "/requests/{id}/raw", tag = "requests", security(("bearer" = ["read"])),
    params(("id" = String, Path, description = "The request's id, `mqr_…`")),
    responses((status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn get_raw_body(
    _: CanRead,
    State(state): State<ApiState>,
    Named(id): Named,
) -> Result<Response, Error> {
    let stored = state.store.request(id_of(&id)?).await;
    let kept = stored.or_missing(ErrorCode::RequestNotFound)?.record.body;
    let length = kept.len();
    let mut bytes = state.masked().bytes(kept.clone());
    let is_masked = bytes != kept;
    // Masked before it is cut: half a secret would not be found.
    bytes.truncate(RAW_BYTES_MAX);
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    let set = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"body\""),
        (MASKED, if is_masked { "true" } else { "false" }),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(BODY_BYTES, length.into());
    Ok(response)
}
