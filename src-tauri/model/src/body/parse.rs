//! From bytes and a content type to a value.

use serde_json::{Map, Value, json};

use super::{form, text};

/// Lists and objects within one another in a JSON body.
pub const BODY_DEPTH_MAX: usize = 127;
/// Fields of a form or query.
pub const FORM_FIELDS_MAX: usize = 10_000;

/// What a body is.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyValue {
    /// A value that memory holds as it is.
    Parsed {
        /// The value.
        value: Value,
        /// What it was parsed as.
        form: BodyForm,
    },
    /// Bytes that stay bytes: memory holds where they lie.
    Bytes {
        /// As received; empty if there was none.
        content_type: String,
        /// How many.
        byte_count: u64,
    },
}

/// What a body was parsed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyForm {
    /// There was none.
    Empty,
    Json,
    Form,
    Text,
}

impl BodyValue {
    /// The value for memory. `file_id` is asked only for bytes.
    pub fn into_memory(self, file_id: impl FnOnce() -> String) -> Value {
        match self {
            Self::Parsed { value, .. } => value,
            Self::Bytes {
                content_type,
                byte_count,
            } => json!({
                "file_id": file_id(),
                "content_type": content_type,
                "byte_count": byte_count,
            }),
        }
    }
}

/// A body that is not what its content type says. Holds nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body cannot be read: {message} (line {line}, column {column})")]
pub struct Malformed {
    /// Counts from 1.
    pub line: usize,
    /// Bytes from the start of the line, counts from 1; 0 where the line's start is meant.
    pub column: usize,
    /// What is wrong, without the place.
    pub message: String,
}

impl Malformed {
    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self {
            line: 1,
            column: 1,
            message: message.into(),
        }
    }
}

/// Parses a body by its content type. `method` decides what an empty one means.
pub fn parse(
    content_type: Option<&str>,
    bytes: &[u8],
    method: &str,
) -> Result<BodyValue, Malformed> {
    let essence = essence(content_type);
    if bytes.is_empty() && matches!(method, "GET" | "HEAD" | "DELETE") {
        return Ok(parsed(Value::Null, BodyForm::Empty));
    }
    match essence.as_str() {
        json if is_json(json) => {
            if bytes.is_empty() {
                return Err(Malformed::whole("it is empty, and JSON is not"));
            }
            parse_json(bytes).map(|value| parsed(value, BodyForm::Json))
        }
        "" | "application/octet-stream" => Ok(guess(content_type, bytes)),
        // What is kept of such a body is the object of its fields; its files lie apart.
        "multipart/form-data" => match parse_json(bytes) {
            Ok(value @ Value::Object(_)) => Ok(parsed(value, BodyForm::Form)),
            _ => Ok(stored(content_type, bytes)),
        },
        "application/x-www-form-urlencoded" => match parse_json(bytes) {
            // `curl -d '{…}'` sends JSON under this type.
            Ok(value @ Value::Object(_)) => Ok(parsed(value, BodyForm::Json)),
            _ => form::parse(bytes).map(|fields| parsed(fields.into(), BodyForm::Form)),
        },
        other if is_text(other) => text::decode(content_type.unwrap_or_default(), bytes)
            .map(|text| parsed(text.into(), BodyForm::Text)),
        _ => Ok(stored(content_type, bytes)),
    }
}

/// Whether a content type means JSON: `application/json`, `text/json`, `*/*+json`.
pub fn is_json_content_type(content_type: &str) -> bool {
    is_json(&essence(Some(content_type)))
}

/// Whether a body of this type is looked at to see what it is: it says nothing, or only that it is bytes.
pub fn is_guessed_content_type(content_type: Option<&str>) -> bool {
    matches!(
        essence(content_type).as_str(),
        "" | "application/octet-stream"
    )
}

/// Whether a content type means a form of several parts.
pub fn is_multipart_content_type(content_type: &str) -> bool {
    essence(Some(content_type)) == "multipart/form-data"
}

/// Whether a body of this type is neither JSON, form nor text: it stays bytes, and lies in a file.
pub fn is_stored_content_type(content_type: &str) -> bool {
    let essence = essence(Some(content_type));
    !is_guessed_content_type(Some(content_type))
        && !is_json(&essence)
        && !is_text(&essence)
        && !matches!(
            essence.as_str(),
            "application/x-www-form-urlencoded" | "multipart/form-data"
        )
}

fn guess(content_type: Option<&str>, bytes: &[u8]) -> BodyValue {
    if let Ok(value) = parse_json(bytes) {
        return parsed(value, BodyForm::Json);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => parsed(text.into(), BodyForm::Text),
        Err(_) => stored(content_type, bytes),
    }
}

fn parsed(value: Value, form: BodyForm) -> BodyValue {
    BodyValue::Parsed { value, form }
}

fn stored(content_type: Option<&str>, bytes: &[u8]) -> BodyValue {
    BodyValue::Bytes {
        content_type: content_type.unwrap_or_default().to_owned(),
        byte_count: bytes.len() as u64,
    }
}

fn essence(content_type: Option<&str>) -> String {
    content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json")
        || (essence.contains('/') && essence.ends_with("+json"))
}

fn is_text(essence: &str) -> bool {
    essence.starts_with("text/") || essence == "application/xml" || essence.ends_with("+xml")
}

/// Parses into `Value`, which refuses `1e400` and unpaired surrogates; of duplicate keys the last wins.
fn parse_json(bytes: &[u8]) -> Result<Value, Malformed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line().max(1), error.column());
        let told = error.to_string();
        let told = told.split(" at line ").next().unwrap_or_default();
        let message = if told.starts_with("recursion limit") {
            format!("it has more than {BODY_DEPTH_MAX} lists and objects within one another (body depth)")
        } else {
            told.to_owned()
        };
        Malformed {
            line,
            column,
            message,
        }
    })
}

/// The fields of a form as an object.
impl From<form::Fields> for Value {
    fn from(fields: form::Fields) -> Self {
        Value::Object(fields.0.into_iter().collect::<Map<_, _>>())
    }
}
