//! What the store, the engine and the vault refuse, in the words and codes of the API.

use hookloom_engine::ports::{InboxError, JournalError, SecretError};
use hookloom_engine::{CancelError, StartError};
use hookloom_store::Error as StoreError;
use http::StatusCode;

use crate::error::{Error, ErrorCode};

/// What a missing thing is called, where something was looked up by a name or an id that the caller gave.
pub(crate) trait OrMissing<T> {
    /// The value, or the error with this code if it was not there.
    fn or_missing(self, code: ErrorCode) -> Result<T, Error>;
}

impl<T> OrMissing<T> for Result<T, StoreError> {
    fn or_missing(self, code: ErrorCode) -> Result<T, Error> {
        self.map_err(|error| match error {
            StoreError::NotFound { what } => missing(code, &what),
            other => other.into(),
        })
    }
}

impl<T> OrMissing<T> for Result<T, JournalError> {
    fn or_missing(self, code: ErrorCode) -> Result<T, Error> {
        self.map_err(|error| match error {
            JournalError::NotFound { what } => missing(code, &what),
            other => other.into(),
        })
    }
}

fn missing(code: ErrorCode, what: &str) -> Error {
    let list = match code {
        ErrorCode::RequestNotFound => "request",
        ErrorCode::JobNotFound => "job",
        ErrorCode::DeliveryNotFound => "delivery",
        ErrorCode::BackupNotFound => "backup",
        ErrorCode::VersionNotFound => {
            return Error::not_found(code, sentence(&format!("{what} was not found")))
                .hint("The flow's `versions` say which there are.");
        }
        _ => "flow",
    };
    Error::not_found(code, sentence(&format!("{what} was not found")))
        .hint(format!("`hookloom {list} list` shows what there is."))
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        use ErrorCode as Code;
        let code = match &error {
            StoreError::DraftConflict { .. } => Code::DraftConflict,
            StoreError::FlowExists { .. } | StoreError::NameTaken { .. } => Code::NameTaken,
            StoreError::EndpointTaken { .. } => Code::EndpointTaken,
            StoreError::NeverPublished { .. } => Code::NotPublished,
            StoreError::FlowBusy { .. } => Code::FlowBusy,
            StoreError::BackupBusy => Code::BackupBusy,
            StoreError::NotABackup { .. }
            | StoreError::NewerBackup { .. }
            | StoreError::BackupDamaged { .. }
            | StoreError::BackupFailed { .. } => Code::BackupUnusable,
            StoreError::NoRoom { .. } => Code::NoRoom,
            StoreError::TooMany { .. } => Code::TooMany,
            passing if passing.is_passing() => Code::Unavailable,
            StoreError::ReadTooLong { .. } => Code::Unavailable,
            _ => return Self::internal(error),
        };
        match code {
            Code::Unavailable => Self::unavailable(code, sentence(&error)),
            Code::NoRoom => Self::new(StatusCode::INSUFFICIENT_STORAGE, code, sentence(&error)),
            Code::TooMany => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence(&error)),
            _ => Self::new(StatusCode::CONFLICT, code, sentence(&error)),
        }
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Unavailable { .. } => {
                Self::unavailable(ErrorCode::Unavailable, sentence(&error))
            }
            other => Self::internal(other),
        }
    }
}

impl From<InboxError> for Error {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Unavailable { .. } => {
                Self::unavailable(ErrorCode::Unavailable, sentence(&error))
            }
            InboxError::FlowGone => Self::not_found(ErrorCode::FlowNotFound, sentence(&error)),
            other => Self::internal(other),
        }
    }
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        let code = ErrorCode::VaultUnavailable;
        match &error {
            SecretError::Missing { .. } => {
                Self::not_found(ErrorCode::SecretNotFound, sentence(&error))
            }
            SecretError::Unavailable { .. } => Self::unavailable(code, sentence(&error)),
            SecretError::Damaged { .. } => Self::new(StatusCode::CONFLICT, code, sentence(&error)),
        }
    }
}

impl From<hookloom_secrets::Error> for Error {
    fn from(error: hookloom_secrets::Error) -> Self {
        use hookloom_secrets::Error as Vault;
        let code = match &error {
            Vault::BadName { .. } => ErrorCode::NameInvalid,
            Vault::Empty { .. } | Vault::TooLong { .. } => ErrorCode::ValueInvalid,
            Vault::Choice { .. }
            | Vault::KeyFile { .. }
            | Vault::SealedFile { .. }
            | Vault::Io { .. } => {
                return Self::unavailable(ErrorCode::VaultUnavailable, sentence(&error));
            }
            Vault::Secret(_) | Vault::Names(_) => return passed_on(error),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence(&error))
    }
}

fn passed_on(error: hookloom_secrets::Error) -> Error {
    match error {
        hookloom_secrets::Error::Secret(error) => error.into(),
        hookloom_secrets::Error::Names(error) => error.into(),
        other => Error::internal(other),
    }
}

impl From<CancelError> for Error {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Ended { .. } => {
                Self::new(StatusCode::CONFLICT, ErrorCode::JobEnded, sentence(&error))
                    .hint("`hookloom job replay` runs it again; nothing was changed.")
            }
            CancelError::Journal(JournalError::NotFound { what }) => {
                missing(ErrorCode::JobNotFound, &what)
            }
            CancelError::Journal(error) => error.into(),
        }
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        let refused = |code| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence(&error));
        let conflict = |code| Self::new(StatusCode::CONFLICT, code, sentence(&error));
        match error {
            StartError::UnknownOutput { .. } => refused(ErrorCode::OutputUnknown),
            StartError::BadInput { .. } => refused(ErrorCode::ValueInvalid),
            StartError::Flow { .. } => refused(ErrorCode::FlowBroken),
            StartError::UnknownStep { .. } => refused(ErrorCode::StepUnknown),
            StartError::SecretStateGone { .. } => refused(ErrorCode::SecretStateNeeded),
            StartError::NotEnded { .. } => conflict(ErrorCode::JobNotEnded),
            StartError::NothingToContinue { .. } => conflict(ErrorCode::NothingToContinue),
            StartError::NotDue => conflict(ErrorCode::Unavailable),
            StartError::BadRecord { .. } => conflict(ErrorCode::RecordDamaged),
            StartError::InputTooLarge { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                ErrorCode::BodyTooLarge,
                sentence(&error),
            ),
            StartError::Journal(error) => error.into(),
            StartError::Inbox(error) => error.into(),
            StartError::Secret(error) => error.into(),
        }
    }
}

/// An error's text as a sentence.
pub(crate) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_in_words_and_with_a_time_to_come_again() {
        let error = Error::from(StoreError::DiskFull);
        assert_eq!(error.code(), ErrorCode::Unavailable);
        assert!(
            error
                .to_string()
                .starts_with("The disk that holds the data folder is full;")
        );
    }

    #[test]
    fn a_fault_of_ours_tells_the_caller_nothing_of_its_cause() {
        let error = Error::from(StoreError::Internal {
            what: "SELECT secret".into(),
        });
        assert_eq!(error.code(), ErrorCode::Internal);
        assert!(!error.to_string().contains("SELECT"), "{error}");
    }
}
