//! What a body means at an endpoint: secret state taken out, known secrets masked, everything else as it was.
//!
//! The rules for content types and for state are the model's.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use hookloom_engine::check_secret_state;
use hookloom_model::body::{self, BodyForm, BodyValue, SECRET_STATE_PUT};
use hookloom_model::request::{put_field, uploads};
use hookloom_sensitive::Masker;
use http::Method;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::received::{Content, Received};
use crate::record::{KeptBody, mask_bytes};
use crate::refusal::Refusal;
use crate::shown::text;

/// These mean something in a step's data only: in a request they are plain fields.
const PLAIN_FIELDS: [&str; 3] = ["_statePut", "_stateRemove", "_secretStateRemove"];

/// Bodies over this size are read beside the workers that answer requests.
const QUICK_BYTES_MAX: usize = 64 * 1024;

/// A body as it is stored, and what was taken out of it.
pub(crate) struct Meaning {
    /// What is stored: the bytes that were sent, unless something secret was in them.
    pub kept: KeptBody,
    /// The body's value; none for bytes that are no text.
    pub value: Option<Value>,
    /// `_secretStatePut`, if the body had it.
    pub secret_state: Option<Map<String, Value>>,
    /// Masks the workspace's values and those of the secret state.
    pub masker: Arc<Masker>,
}

/// What a body is read by.
struct Reading {
    content_type: Option<String>,
    method: Method,
    bytes: Bytes,
    masker: Arc<Masker>,
}

/// What was read of a body in memory.
struct Read {
    kept: Vec<u8>,
    value: Option<Value>,
    secret_state: Option<Map<String, Value>>,
    masker: Arc<Masker>,
}

impl Meaning {
    /// Reads a body by its content type; one that is not what its type says is malformed. Large ones are
    /// read a few at a time: a value takes many times the memory of its bytes.
    pub async fn of(
        head: &Parts,
        body: &Received,
        masker: Arc<Masker>,
        large_bodies: &Semaphore,
    ) -> Result<Self, Refusal> {
        match &body.content {
            Content::Memory(bytes) => {
                let content_type = head.headers.get(CONTENT_TYPE);
                let reading = Reading {
                    content_type: content_type.map(|value| text(value.as_bytes()).into_owned()),
                    method: head.method.clone(),
                    bytes: bytes.clone(),
                    masker,
                };
                let Read {
                    kept,
                    value,
                    secret_state,
                    masker,
                } = reading.read_in_turn(large_bodies).await?;
                Ok(Self {
                    kept: KeptBody::of_accepted(body, kept, Vec::new()),
                    value,
                    secret_state,
                    masker,
                })
            }
            Content::File(file) => {
                let mut value = file.to_memory();
                masker.mask_json(&mut value);
                Ok(Self {
                    kept: KeptBody::of_accepted(body, Vec::new(), vec![file.clone()]),
                    value: Some(value),
                    secret_state: None,
                    masker,
                })
            }
            Content::Form { fields, files } => {
                let mut fields = Value::Object(fields.clone());
                masker.mask_json(&mut fields);
                let kept = fields.to_string().into_bytes();
                if let Value::Object(fields) = &mut fields {
                    for (name, upload) in uploads(files) {
                        put_field(fields, &name, upload);
                    }
                }
                // Names and types of uploads are the sender's words, too.
                masker.mask_json(&mut fields);
                Ok(Self {
                    kept: KeptBody::of_accepted(body, kept, files.clone()),
                    value: Some(fields),
                    secret_state: None,
                    masker,
                })
            }
            Content::Malformed { reason } => Err(Refusal::Malformed {
                reason: reason.clone(),
            }),
        }
    }
}

impl Reading {
    async fn read_in_turn(self, large_bodies: &Semaphore) -> Result<Read, Refusal> {
        if self.bytes.len() <= QUICK_BYTES_MAX {
            return self.read();
        }
        let _turn = large_bodies.acquire().await;
        let read = tokio::task::spawn_blocking(move || self.read()).await;
        read.unwrap_or_else(|error| {
            tracing::error!(%error, "a large body could not be read");
            Err(Refusal::Internal {
                reason: "the body could not be read; the log says why".into(),
            })
        })
    }

    fn read(self) -> Result<Read, Refusal> {
        let content_type = self.content_type.as_deref();
        let parsed = body::parse(content_type, &self.bytes, self.method.as_str());
        let parsed = parsed.map_err(|error| Refusal::Malformed {
            reason: format!("The request is refused: {error}"),
        })?;
        match parsed {
            BodyValue::Parsed {
                value,
                form: BodyForm::Json,
            } => self.of_json(value),
            BodyValue::Parsed {
                value,
                form: BodyForm::Empty | BodyForm::Form | BodyForm::Text,
            } => self.of_other(Some(value)),
            BodyValue::Bytes { .. } => self.of_other(None),
        }
    }

    fn of_json(self, mut value: Value) -> Result<Read, Refusal> {
        let Self {
            bytes, mut masker, ..
        } = self;
        let secret_state = take_secret_state(&mut value)?;
        if let Some(state) = &secret_state {
            masker = Arc::new(masker.with_json(&Value::Object(state.clone())));
        }
        let is_changed = masker.mask_json(&mut value) || secret_state.is_some();
        // The text is looked at too: a key that stands there twice is in the value only once.
        let kept = match is_changed || holds_a_secret(&bytes, &masker) {
            true => value.to_string().into_bytes(),
            false => bytes.to_vec(),
        };
        Ok(Read {
            kept,
            value: Some(value),
            secret_state,
            masker,
        })
    }

    fn of_other(self, mut value: Option<Value>) -> Result<Read, Refusal> {
        let Self { bytes, masker, .. } = self;
        if is_meant_as_object(&bytes) && body::mentions_secret_state(&bytes) {
            // A misplaced comma must not put on record what was meant to be secret.
            return Err(Refusal::Malformed {
                reason: format!(
                    "The request is refused: its body mentions `{}`, which cannot be taken out, \
                     because the body is not read as JSON; correct it, and send it as \
                     application/json",
                    SECRET_STATE_PUT[0]
                ),
            });
        }
        let kept = mask_bytes(&bytes, &masker);
        // The same as what is kept: an answer of the endpoint's own says to a repeat what it said first.
        if let Some(value) = &mut value {
            masker.mask_json(value);
        }
        Ok(Read {
            kept,
            value,
            secret_state: None,
            masker,
        })
    }
}

/// Whether bytes that are not read as JSON begin as an object does, also in UTF-16 or percent-encoded.
pub(crate) fn is_meant_as_object(bytes: &[u8]) -> bool {
    let is_before = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, 0 | b'+' | 0xef | 0xbb | 0xbf | 0xfe | 0xff)
    };
    let start = bytes.iter().position(|byte| !is_before(byte));
    let text = &bytes[start.unwrap_or(bytes.len())..];
    text.starts_with(b"{") || text.starts_with(b"%7B") || text.starts_with(b"%7b")
}

/// The masker for a record of a body that was refused: what would have been secret state is masked.
pub(crate) fn masker_of_refused(bytes: &[u8], masker: &Masker) -> Option<Masker> {
    if !body::mentions_secret_state(bytes) {
        return None;
    }
    let mut value = serde_json::from_slice(bytes).ok()?;
    let state = take_secret_state(&mut value).ok()??;
    Some(masker.with_json(&Value::Object(state)))
}

fn take_secret_state(value: &mut Value) -> Result<Option<Map<String, Value>>, Refusal> {
    let Value::Object(fields) = value else {
        return Ok(None);
    };
    if !SECRET_STATE_PUT.iter().any(|key| fields.contains_key(*key)) {
        return Ok(None);
    }
    let others: Vec<(String, Value)> = PLAIN_FIELDS
        .into_iter()
        .filter_map(|key| fields.shift_remove_entry(key))
        .collect();
    let taken = body::take_secret_state(value).map_err(|error| Refusal::Malformed {
        reason: format!("The request is refused: {error}"),
    })?;
    if let Some(state) = &taken.secret_state {
        // Before anything is built from it: a mask of many values is far larger than they are.
        check_secret_state(state).map_err(|error| Refusal::Malformed {
            reason: format!("The request is refused: {error}"),
        })?;
    }
    if let Value::Object(fields) = value {
        fields.extend(others);
    }
    Ok(taken.secret_state)
}

fn holds_a_secret(bytes: &[u8], masker: &Masker) -> bool {
    // JSON is UTF-8: it was parsed.
    std::str::from_utf8(bytes).is_ok_and(|text| matches!(masker.mask_str(text), Cow::Owned(_)))
}
