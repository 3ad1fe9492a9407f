//! Secret values and the keys that seal.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::RequestId;
use hookloom_sensitive::{Masker, SealKey, Sensitive};

use super::journal::JournalError;

/// Reads secrets by name. Never hangs: a slow keychain is [`SecretError::Unavailable`] after a bound.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The value of a secret.
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError>;

    /// Keeps a value that came from outside, such as the one of a provider's handshake.
    async fn keep(&self, name: &str, value: Sensitive<String>) -> Result<(), SecretError> {
        let _ = value;
        Err(SecretError::Unavailable {
            what: format!("the secret `{name}`"),
            reason: "no value can be kept here".to_owned(),
        })
    }

    /// Masks every value that this process knows, in every encoding. Cheap: it is made when values change.
    fn masker(&self) -> Arc<Masker>;

    /// The workspace's key, for values that are sealed at rest (credential headers).
    async fn workspace_key(&self) -> Result<SealKey, SecretError>;
}

/// Keys of jobs with secret state: one file each in the data folder, wrapped, gone with the job.
#[async_trait]
pub trait JobKeys: Send + Sync {
    /// Makes a key, and has it synced to disk before it returns.
    async fn create(&self, id: RequestId) -> Result<SealKey, SecretError>;

    /// The key of a job that has one.
    async fn open(&self, id: RequestId) -> Result<SealKey, SecretError>;

    /// Unlinks the key. None there is no error.
    async fn destroy(&self, id: RequestId) -> Result<(), SecretError>;
}

/// Which secrets exist: their names. The database implements it, because a locked keychain answers for a secret that
/// it has as for one that it never had.
#[async_trait]
pub trait KnownSecrets: Send + Sync {
    /// Every name, in order.
    async fn list(&self) -> Result<Vec<KnownSecret>, JournalError>;

    /// A secret was set, for the first time or anew.
    async fn remember(&self, name: &str, at_ms: i64) -> Result<(), JournalError>;

    /// A secret was deleted. Tells whether it was known.
    async fn forget(&self, name: &str) -> Result<bool, JournalError>;
}

/// A secret that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSecret {
    /// Its name.
    pub name: String,
    /// When it was set first, Unix milliseconds.
    pub created_at_ms: i64,
    /// When it was set last, Unix milliseconds.
    pub updated_at_ms: i64,
    /// Counts how often it was set.
    pub version: i64,
}

/// Why there is no value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretError {
    /// Nobody set it.
    #[error(
        "the secret `{name}` is not set; set it in the app under Secrets, or with `hookloom secret set {name}`"
    )]
    Missing {
        /// Its name.
        name: String,
    },
    /// It may exist, but cannot be read now: locked, absent or slow keychain.
    #[error("{what} cannot be read now: {reason}")]
    Unavailable {
        /// What was to be read.
        what: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// What is stored does not open: another key, or damage.
    #[error("{what} cannot be opened: {reason}")]
    Damaged {
        /// What was to be read.
        what: String,
        /// Why not.
        reason: String,
    },
}
