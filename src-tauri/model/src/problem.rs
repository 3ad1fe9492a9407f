//! What is wrong with a flow document, and where.

use serde::{Deserialize, Serialize};

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The flow cannot be published as it is.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// One thing that is wrong with a flow document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How much it weighs.
    pub severity: Severity,
    /// A stable name for scripts: `unknown_key`, `not_available`, …
    pub code: String,
    /// Where: a JSON pointer into the document, empty for the whole.
    pub place: String,
    /// What is wrong and why, as a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// The code of a part that this release understands but cannot run yet: it blocks publishing, not importing.
    pub const NOT_AVAILABLE: &'static str = "not_available";
    /// The code of a key that occurs twice in one object: keeping the document would drop one of the two.
    pub const DUPLICATE_KEY: &'static str = "duplicate_key";

    /// A problem that stands in the way of publishing.
    pub fn error(code: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.to_owned(),
            place: place.into(),
            message: message.into(),
            hint: None,
        }
    }

    /// A problem that somebody should look at.
    pub fn warning(code: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, place, message)
        }
    }

    /// The same problem, with what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether a document with this problem is refused at import: everything wrong is, except what a later release brings.
    pub fn blocks_import(&self) -> bool {
        self.severity == Severity::Error && self.code != Self::NOT_AVAILABLE
    }

    /// Whether a document with this problem is refused at publish.
    pub fn blocks_publish(&self) -> bool {
        self.severity == Severity::Error
    }
}
