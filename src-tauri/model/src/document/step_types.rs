//! The steps of a sound document as types, one per kind beside `http` and `set`. Templates are kept as they were written.

use indexmap::IndexMap;
use serde_json::Value;

/// A wait is at most this long: a year.
pub const DELAY_MS_MAX: i64 = 366 * 24 * 60 * 60 * 1_000;

/// Chooses one of two ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionStep {
    /// Exactly one expression, which must give true or false.
    pub expression: String,
}

/// Chooses one of several ways.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchStep {
    /// JSON whose strings are templates: what the cases are compared with.
    pub expression: Value,
    /// Exit code to JSON whose strings are templates; the first that is equal counts.
    pub cases: IndexMap<String, Value>,
    /// The exit code when no case fits; without it that is an error.
    pub default: Option<String>,
}

/// Ends with an error, on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailStep {
    /// Template of a text.
    pub message: String,
    pub exit_code: String,
}

/// Waits.
#[derive(Debug, Clone, PartialEq)]
pub enum DelayStep {
    /// Milliseconds: a number, or one expression.
    For(Value),
    /// RFC 3339, as a template.
    Until(String),
}

/// Answers the caller who waits.
#[derive(Debug, Clone, PartialEq)]
pub struct RespondStep {
    /// A number, or one expression.
    pub status: Value,
    /// Names and templates, in order.
    pub headers: IndexMap<String, String>,
    pub body: Option<RespondBody>,
    /// JSON whose strings are templates: the id of a file, or what memory holds in its place.
    pub body_file: Option<Value>,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum RespondBody {
    /// Template, escaped by the Content-Type among the headers.
    Text(String),
    /// JSON whose strings are templates.
    Json(Value),
}

/// A part of a form with files.
#[derive(Debug, Clone, PartialEq)]
pub struct FormPart {
    /// The field's name, as it is written.
    pub name: String,
    pub content: FormContent,
}

/// What a part of a form holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FormContent {
    /// JSON whose strings are templates; its text is sent.
    Value(Value),
    /// The id of a file, or what memory holds in its place.
    File(Value),
}

/// Statuses of answers that count as success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRanges(pub Vec<(u16, u16)>);

impl StatusRanges {
    /// Whether a status is in one of the ranges.
    pub fn contain(&self, status: u16) -> bool {
        self.0
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&status))
    }
}

impl Default for StatusRanges {
    fn default() -> Self {
        Self(vec![(200, 299)])
    }
}

/// Calls a step that somebody else runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteStep {
    /// Template of a URL; without it the flow's `remote_url`.
    pub url: Option<String>,
    /// The name of the secret that signs; without it the flow's `remote_secret`.
    pub secret: Option<String>,
    /// JSON whose strings are templates.
    pub data: Option<Value>,
}

/// Asks a language model.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmStep {
    /// Template of a URL: the base of the API, or its `chat/completions`.
    pub url: String,
    /// Template of the model's name.
    pub model: String,
    /// The name of the secret that is sent as a bearer token.
    pub secret: Option<String>,
    /// JSON whose strings are templates: a list of messages.
    pub messages: Value,
    pub temperature: Option<f64>,
    pub max_tokens: Option<i64>,
    /// Whether the model's text is read as JSON.
    pub json: bool,
}
