//! What a place for secret values can do. All of it blocks, and may block for long: see `bounded`.

use hookloom_sensitive::Sensitive;
use serde::Serialize;

/// A place for secret values, by the name of the item.
pub trait Vault: Send + 'static {
    /// Which kind of place.
    fn kind(&self) -> VaultKind;

    /// Makes the vault ready. The operating system may ask a person for a password here, and only here.
    fn unlock(&mut self) -> Result<(), VaultError>;

    /// The value of an item; `None` where there is no such item, or where a locked vault cannot tell.
    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError>;

    /// Stores a value. It is on disk, or wherever the vault keeps it, when this returns.
    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError>;

    /// Removes an item. None there is no error.
    fn delete(&mut self, item: &str) -> Result<(), VaultError>;
}

/// The kinds of vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// The operating system's.
    Keychain,
    /// A sealed file; its key is derived from a passphrase.
    Passphrase,
    /// A sealed file; its key lies in a file that the user names.
    KeyFile,
    /// This process alone: tests.
    Memory,
}

impl VaultKind {
    /// As it is called in sentences.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::Passphrase => "vault with a passphrase",
            Self::KeyFile => "vault with a key file",
            Self::Memory => "vault in memory",
        }
    }
}

/// Why a vault did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It is there and closed.
    #[error("it is locked ({reason})")]
    Locked {
        /// What it said.
        reason: String,
    },
    /// It is not there, or does not speak to us.
    #[error("it is not available ({reason})")]
    Absent {
        /// What was tried and what came back.
        reason: String,
    },
    /// It does not answer. What was asked may still happen.
    #[error("it has not answered for {waited_ms} ms")]
    Slow {
        /// How long it was waited for.
        waited_ms: u64,
    },
    /// What it holds is not what was put there.
    #[error("what it holds is damaged ({reason})")]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// It is there and refuses this value, or its disk is full.
    #[error("it failed ({reason})")]
    Failed {
        /// What it said.
        reason: String,
    },
}
