//! What a step says about its own ends.

use super::types::StepKind;

impl StepKind {
    /// The exit codes that this step can end with, where its own keys decide that; none if its kind does.
    pub fn own_exit_codes(&self) -> Option<Vec<&str>> {
        match self {
            Self::Switch(step) => {
                let cases = step.cases.keys().chain(&step.default).map(String::as_str);
                Some(cases.chain(["error"]).collect())
            }
            Self::Fail(step) if step.exit_code == "error" => Some(vec!["error"]),
            Self::Fail(step) => Some(vec![step.exit_code.as_str(), "error"]),
            _ => None,
        }
    }
}
