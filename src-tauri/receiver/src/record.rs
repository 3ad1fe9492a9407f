//! A request as it goes on record: masked, and never more of it than may be kept.

use bytes::Bytes;
use hookloom_model::Verdict;
use hookloom_model::request::{Reason, RequestRecord};
use hookloom_sensitive::Masker;
use http::StatusCode;
use sha2::{Digest, Sha256};

use crate::extract::Arriving;
use crate::limits::{REJECTED_BODY_BYTES_MAX, REJECTED_HEAD_BYTES_MAX};
use crate::shown;
use hookloom_model::body::mentions_secret_state;

/// A body on record: what is kept of it, and what is known of the original.
pub(crate) struct KeptBody {
    pub body: Vec<u8>,
    pub body_bytes: u64,
    pub body_sha256: Option<String>,
}

impl KeptBody {
    /// A body that was not read.
    pub fn unread() -> Self {
        Self {
            body: Vec::new(),
            body_bytes: 0,
            body_sha256: None,
        }
    }

    /// What is kept of a request that begins a job.
    pub fn of_accepted(original: &Bytes, kept: Vec<u8>) -> Self {
        Self {
            body: kept,
            body_bytes: original.len() as u64,
            body_sha256: Some(sha256_hex(original)),
        }
    }

    /// What is kept of a request that was read and refused: nothing that may hold secret state.
    pub fn of_rejected(original: &Bytes, masker: &Masker) -> Self {
        let is_kept = original.len() <= REJECTED_BODY_BYTES_MAX && !mentions_secret_state(original);
        let kept = match is_kept {
            true => mask_bytes(original, masker),
            false => Vec::new(),
        };
        Self::of_accepted(original, kept)
    }
}

/// Bytes with every known secret value masked; bytes that hold none stay exactly as they are.
pub(crate) fn mask_bytes(bytes: &[u8], masker: &Masker) -> Vec<u8> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return masker.mask_str(text).into_owned().into_bytes();
    }
    let masked = masker.mask_bytes_lossy(bytes);
    match masked == String::from_utf8_lossy(bytes) {
        true => bytes.to_vec(),
        false => masked.into_bytes(),
    }
}

/// What became of a request.
pub(crate) struct Ending {
    pub verdict: Verdict,
    pub status: StatusCode,
    pub reason: Option<Reason>,
}

/// What is recorded of a request. Its credentials are left out: who keeps them seals them.
pub(crate) fn of(
    request: &Arriving,
    masker: &Masker,
    kept: KeptBody,
    ending: Ending,
) -> RequestRecord {
    let Arriving {
        arrived,
        live,
        head,
    } = request;
    let KeptBody {
        body,
        body_bytes,
        body_sha256,
    } = kept;
    let Ending {
        verdict,
        status,
        reason,
    } = ending;
    let mut headers = shown::headers(&head.headers, &live.endpoint);
    for (name, value) in &mut headers {
        mask_in_place(name, masker);
        mask_in_place(value, masker);
    }
    let mut path = shown::path(&head.uri);
    mask_in_place(&mut path, masker);
    RequestRecord {
        id: arrived.id,
        at_ms: arrived.at_ms,
        endpoint: live.endpoint.name.clone(),
        flow_id: live.flow_id,
        method: head.method.as_str().to_owned(),
        path,
        remote_address: arrived.peer.to_canonical().to_string(),
        headers,
        sealed_headers: None,
        body,
        files: Vec::new(),
        body_bytes,
        body_sha256,
        verdict,
        status: status.as_u16(),
        reason,
    }
}

/// Cuts path and headers to what a rejected request may leave on record. A cut value ends with `…`; headers
/// for which there is no room at all are left out. Masked before, so that no half of a secret is left to see.
pub(crate) fn cut_head(record: &mut RequestRecord) {
    let mut left_bytes = REJECTED_HEAD_BYTES_MAX;
    cut(&mut record.path, &mut left_bytes);
    record.headers.retain_mut(|(name, value)| {
        let has_room = name.len() < left_bytes;
        if has_room {
            left_bytes -= name.len();
            cut(value, &mut left_bytes);
        }
        has_room
    });
}

fn cut(text: &mut String, left_bytes: &mut usize) {
    if text.len() > *left_bytes {
        text.truncate(text.floor_char_boundary(*left_bytes));
        text.push('…');
    }
    *left_bytes = left_bytes.saturating_sub(text.len());
}

fn mask_in_place(text: &mut String, masker: &Masker) {
    if let std::borrow::Cow::Owned(masked) = masker.mask_str(text) {
        *text = masked;
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
