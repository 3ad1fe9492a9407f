//! What is wrong with a flow document, as the API says it.

use hookloom_model::problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::named::named;

/// One thing that is wrong with a flow document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    pub severity: Severity,
    /// A stable name for scripts.
    pub code: String,
    /// Where: a JSON pointer into the document, empty for the whole.
    pub place: String,
    /// What is wrong and why.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

named!(
    /// How much a problem weighs: an error stands in the way of publishing.
    Severity from problem::Severity { Error = "error", Warning = "warning" }
);

impl From<problem::Problem> for Problem {
    fn from(problem: problem::Problem) -> Self {
        let problem::Problem {
            severity,
            code,
            place,
            message,
            hint,
        } = problem;
        Self {
            severity: severity.into(),
            code,
            place,
            message,
            hint,
        }
    }
}
