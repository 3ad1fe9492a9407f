//! What is said when a command fails, and the exit code that goes with it.

use hookloom_runtime as runtime;
use serde_json::{Value, json};

use crate::exit::Exit;

/// A command that failed: what happened, why, what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// A stable name for scripts.
    pub code: String,
    /// What happened, and why.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Problems of a flow document, as the API gives them.
    pub problems: Vec<Value>,
}

impl Failure {
    /// A failure with a code of its own.
    pub fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: code.to_owned(),
            message: message.into(),
            hint: None,
            problems: Vec::new(),
        }
    }

    /// The command was used wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::WrongUse, "wrong_use", message)
    }

    /// Our fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, "internal", message)
    }

    /// The same failure, with what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What an answer of the control API that is no success means.
    pub fn from_answer(status: u16, body: &Value) -> Self {
        let error = &body["error"];
        let text = |key: &str| error[key].as_str().map(str::to_owned);
        let exit = match status {
            _ if error["code"] == "output_unknown" || error["code"] == "name_invalid" => {
                Exit::WrongUse
            }
            404 | 400 | 405 => Exit::WrongUse,
            401 | 403 | 503 | 507 => Exit::Refused,
            _ => Exit::Failed,
        };
        Self {
            exit,
            code: text("code").unwrap_or_else(|| format!("http_{status}")),
            message: text("message").unwrap_or_else(|| {
                format!("The owner of the folder answered with status {status}.")
            }),
            hint: text("hint"),
            problems: error["problems"].as_array().cloned().unwrap_or_default(),
        }
    }

    /// The failure in the shape of the API's errors.
    pub fn to_json(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.message, "hint": self.hint});
        if !self.problems.is_empty() {
            error["problems"] = Value::Array(self.problems.clone());
        }
        json!({ "error": error })
    }
}

impl From<runtime::Error> for Failure {
    fn from(error: runtime::Error) -> Self {
        use runtime::Code;
        let exit = match error.code() {
            Code::OwnerGone => Exit::OwnerGone,
            Code::Internal => Exit::Failed,
            Code::NoFolder => Exit::WrongUse,
            Code::FolderUnusable
            | Code::FolderOwned
            | Code::AddressInUse
            | Code::AddressRefused
            | Code::NewerDatabase
            | Code::DatabaseUnusable
            | Code::MigrationRefused
            | Code::BackupUnusable
            | Code::NoRoom
            | Code::VaultUnusable => Exit::Refused,
        };
        Self::new(exit, error.code().as_str(), error.to_string()).with_hint(error.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_wrong_use_and_an_invalid_document_is_a_failure() {
        let body = json!({"error": {"code": "flow_not_found", "message": "There is no flow `x`.", "hint": null}});
        let failure = Failure::from_answer(404, &body);
        assert_eq!(
            (failure.exit, failure.code.as_str()),
            (Exit::WrongUse, "flow_not_found")
        );

        let body = json!({"error": {"code": "document_invalid", "message": "m", "problems": [{"place": "/name"}]}});
        let failure = Failure::from_answer(422, &body);
        assert_eq!(failure.exit, Exit::Failed);
        assert_eq!(failure.to_json()["error"]["problems"][0]["place"], "/name");
    }

    #[test]
    fn an_answer_that_is_no_error_of_ours_still_says_its_status() {
        let failure = Failure::from_answer(500, &Value::Null);
        assert!(failure.message.contains("500"), "{failure}");
    }
}
