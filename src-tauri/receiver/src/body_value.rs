//! What a body means at an endpoint: secret state taken out, known secrets masked, everything else as it was.
//!
//! The rules for content types and for state are the model's.

use std::borrow::Cow;

use bytes::Bytes;
use hookloom_model::body::{self, BodyForm, BodyValue, SECRET_STATE_PUT};
use hookloom_sensitive::Masker;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::record::mask_bytes;
use crate::refusal::Refusal;
use crate::shown::text;

/// These mean something in a step's data only: in a request they are plain fields.
const PLAIN_FIELDS: [&str; 3] = ["_statePut", "_stateRemove", "_secretStateRemove"];

/// A body as it is stored, and what was taken out of it.
pub(crate) struct Content {
    /// The bytes that are stored: those that were sent, unless something secret was in them.
    pub kept: Vec<u8>,
    /// The value of those bytes; none for bytes that are no text.
    pub value: Option<Value>,
    /// `_secretStatePut`, if the body had it.
    pub secret_state: Option<Map<String, Value>>,
    /// The workspace's masker with the secret state's values on top; none if there is no secret state.
    pub masker: Option<Masker>,
}

impl Content {
    /// Reads a body by its content type; one that is not what its type says is malformed.
    pub fn of(head: &Parts, bytes: &Bytes, masker: &Masker) -> Result<Self, Refusal> {
        let content_type = head
            .headers
            .get(CONTENT_TYPE)
            .map(|value| text(value.as_bytes()));
        let parsed =
            body::parse(content_type.as_deref(), bytes, head.method.as_str()).map_err(|error| {
                Refusal::Malformed {
                    reason: format!("The request is refused: {error}"),
                }
            })?;
        match parsed {
            BodyValue::Parsed {
                value,
                form: BodyForm::Json,
            } => Self::of_json(bytes, value, masker),
            BodyValue::Parsed {
                value,
                form: BodyForm::Empty | BodyForm::Form | BodyForm::Text,
            } => {
                let mut content = Self::of_other(bytes, masker);
                content.value = Some(value);
                Ok(content)
            }
            BodyValue::Bytes { .. } => Ok(Self::of_other(bytes, masker)),
        }
    }

    fn of_json(bytes: &Bytes, mut value: Value, masker: &Masker) -> Result<Self, Refusal> {
        let secret_state = take_secret_state(&mut value)?;
        let masker_of_job = secret_state
            .as_ref()
            .map(|state| masker.with_json(&Value::Object(state.clone())));
        let masker = masker_of_job.as_ref().unwrap_or(masker);
        let is_changed = masker.mask_json(&mut value) || secret_state.is_some();
        // The text is looked at too: a key that stands there twice is in the value only once.
        let kept = match is_changed || holds_a_secret(bytes, masker) {
            true => value.to_string().into_bytes(),
            false => bytes.to_vec(),
        };
        Ok(Self {
            kept,
            value: Some(value),
            secret_state,
            masker: masker_of_job,
        })
    }

    fn of_other(bytes: &Bytes, masker: &Masker) -> Self {
        let kept = mask_bytes(bytes, masker);
        Self {
            kept,
            value: None,
            secret_state: None,
            masker: None,
        }
    }
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
    if let Value::Object(fields) = value {
        fields.extend(others);
    }
    Ok(taken.secret_state)
}

fn holds_a_secret(bytes: &[u8], masker: &Masker) -> bool {
    // JSON is UTF-8: it was parsed.
    std::str::from_utf8(bytes).is_ok_and(|text| matches!(masker.mask_str(text), Cow::Owned(_)))
}
