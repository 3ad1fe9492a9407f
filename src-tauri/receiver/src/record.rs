//! A request as it goes on record: masked, and never more of it than may be kept.

use hookloom_model::Verdict;
use hookloom_model::request::{self as model, Reason, RequestRecord, StoredFile};
use hookloom_sensitive::Masker;
use http::StatusCode;

use crate::extract::{Arriving, Way};
use crate::limits::{REJECTED_BODY_BYTES_MAX, REJECTED_HEAD_BYTES_MAX};
use crate::received::{Content, Received};
use crate::shown;
use hookloom_model::body::mentions_secret_state;

/// A body on record: what is kept of it, and what is known of the original.
pub(crate) struct KeptBody {
    pub body: Vec<u8>,
    pub files: Vec<StoredFile>,
    pub body_bytes: u64,
    pub body_sha256: Option<String>,
}

impl KeptBody {
    /// A body that was not read.
    pub fn unread() -> Self {
        Self {
            body: Vec::new(),
            files: Vec::new(),
            body_bytes: 0,
            body_sha256: None,
        }
    }

    /// What is kept of a request that begins a job.
    pub fn of_accepted(original: &Received, body: Vec<u8>, files: Vec<StoredFile>) -> Self {
        Self {
            body,
            files,
            body_bytes: original.body_bytes,
            body_sha256: Some(original.body_sha256.clone()),
        }
    }

    /// What is kept of a request that was read and refused: no file, and nothing that may hold secret state.
    pub fn of_rejected(original: &Received, masker: &Masker) -> Self {
        let kept = match &original.content {
            Content::Memory(bytes)
                if bytes.len() <= REJECTED_BODY_BYTES_MAX && !mentions_secret_state(bytes) =>
            {
                mask_bytes(bytes, masker)
            }
            _ => Vec::new(),
        };
        Self::of_accepted(original, kept, Vec::new())
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
        way,
        allowed: _,
        head,
    } = request;
    let KeptBody {
        body,
        mut files,
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
    for file in &mut files {
        let StoredFile {
            field,
            name,
            content_type,
            ..
        } = file;
        let texts = [Some(content_type), field.as_mut(), name.as_mut()];
        for text in texts.into_iter().flatten() {
            mask_in_place(text, masker);
        }
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
        way: way_of(way, masker),
        body,
        files,
        body_bytes,
        body_sha256,
        verdict,
        status: status.as_u16(),
        reason,
    }
}

fn way_of(way: &Way, masker: &Masker) -> Option<model::Way> {
    match way {
        Way::Flow | Way::Call => None,
        Way::Token(url) => Some(model::Way::Token {
            name: url.name.clone(),
        }),
        Way::Path(parameters) => {
            let mut parameters = parameters.clone();
            for value in parameters.values_mut() {
                masker.mask_json(value);
            }
            Some(model::Way::Path { parameters })
        }
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
