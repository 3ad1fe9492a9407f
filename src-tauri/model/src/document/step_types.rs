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
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum RespondBody {
    /// Template, escaped by the Content-Type among the headers.
    Text(String),
    /// JSON whose strings are templates.
    Json(Value),
}
