//! Why values cannot be had: not now, never, or because the journal failed.

use hookloom_model::journal::RecordedError;

use crate::ports::{JournalError, SecretError};
use crate::record;

/// Why values cannot be had.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// Later they may be: a keychain that cannot be read now.
    Later(RecordedError),
    /// Trying again changes nothing.
    Never(RecordedError),
    /// The journal could not be read.
    Journal(JournalError),
}

impl From<SecretError> for Obstacle {
    fn from(error: SecretError) -> Self {
        let message = error.to_string();
        match error {
            SecretError::Unavailable { .. } => {
                Self::Later(record::error("secret_unavailable", message))
            }
            SecretError::Missing { .. } => Self::Never(record::error("secret_missing", message)),
            SecretError::Damaged { .. } => Self::Never(record::error("secret_damaged", message)),
        }
    }
}

impl From<JournalError> for Obstacle {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}
