//! What a body means at an endpoint: the one place where the receiver asks the model's rules for bodies.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;

use crate::refusal::Refusal;

/// The text that betrays secret state in a body that cannot be parsed.
const SECRET_STATE_MARK: &[u8] = b"ecretStatePut";

/// A body as far as the receiver has to understand it.
pub(crate) enum Parsed {
    /// A JSON value: secret state may be in it.
    Json(Value),
    /// Anything else: it is kept byte for byte.
    Other,
}

/// Reads the body by its content type; one that is not what its type says is malformed.
pub(crate) fn parse(head: &Parts, body: &Bytes) -> Result<Parsed, Refusal> {
    let content_type = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if !content_type.contains("json") {
        return Ok(serde_json::from_slice(body).map_or(Parsed::Other, Parsed::Json));
    }
    serde_json::from_slice(body)
        .map(Parsed::Json)
        .map_err(|error| Refusal::Malformed {
            reason: format!("The body is no JSON: {error}"),
        })
}

/// Whether a body that was not understood may hold secret state.
pub(crate) fn mentions_secret_state(body: &[u8]) -> bool {
    body.windows(SECRET_STATE_MARK.len())
        .any(|window| window == SECRET_STATE_MARK)
}
