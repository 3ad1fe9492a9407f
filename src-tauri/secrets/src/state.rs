//! How the vault is doing, for a person.

use serde::Serialize;

use crate::vault::{VaultError, VaultKind};

/// How the vault is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VaultState {
    /// Which kind.
    pub kind: VaultKind,
    /// Whether it can be used.
    pub state: Condition,
    /// What is the matter. Empty when it is ready.
    pub message: String,
    /// What to do about it. Empty when it is ready.
    pub hint: String,
}

/// Whether a vault can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It has not been asked yet.
    Starting,
    /// It answers.
    Ready,
    /// It wants a password first.
    Locked,
    /// There is none.
    Absent,
    /// It does not answer.
    Slow,
}

impl Condition {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Locked => "locked",
            Self::Absent => "absent",
            Self::Slow => "slow",
        }
    }
}

impl VaultState {
    /// All is well.
    pub fn ready(kind: VaultKind) -> Self {
        Self {
            kind,
            state: Condition::Ready,
            message: String::new(),
            hint: String::new(),
        }
    }

    /// Before anybody asked.
    pub(crate) fn unknown(kind: VaultKind) -> Self {
        Self {
            kind,
            state: Condition::Starting,
            message: format!("The {} has not been asked yet.", kind.as_str()),
            hint: "Wait a moment.".to_owned(),
        }
    }

    /// What an error says about the vault as a whole; `None` where it is about one item only.
    pub(crate) fn after(kind: VaultKind, error: &VaultError) -> Option<Self> {
        let condition = match error {
            VaultError::Locked { .. } => Condition::Locked,
            VaultError::Absent { .. } => Condition::Absent,
            VaultError::Slow { .. } => Condition::Slow,
            VaultError::Damaged { .. } | VaultError::Failed { .. } => return None,
        };
        Some(Self {
            kind,
            state: condition,
            message: format!("The {} cannot be used: {error}.", kind.as_str()),
            hint: hint(kind, condition).to_owned(),
        })
    }
}

/// What a person can do.
pub(crate) fn hint(kind: VaultKind, condition: Condition) -> &'static str {
    match (kind, condition) {
        (_, Condition::Ready | Condition::Starting) => "",
        (VaultKind::Keychain, Condition::Locked) => {
            "Unlock the keychain (on Linux: log in to the desktop, or open Passwords and Keys), then try again. On a \
             machine without a desktop start with `HOOKLOOM_VAULT=file` or `HOOKLOOM_VAULT=passphrase`."
        }
        (VaultKind::Keychain, Condition::Absent) => {
            "Install and start a keychain (on Debian: apt install gnome-keyring, then log in again), or start with \
             `HOOKLOOM_VAULT=file` or `HOOKLOOM_VAULT=passphrase`."
        }
        (VaultKind::Keychain, Condition::Slow) => {
            "Look for a window that asks for the keychain's password. It is tried again as soon as the keychain answers."
        }
        (_, Condition::Slow) => {
            "Look at the disk of the data folder. It is tried again as soon as it answers."
        }
        _ => "Look at the data folder and at the key or passphrase that Hookloom was started with.",
    }
}
