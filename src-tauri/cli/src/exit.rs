//! The exit codes: scripts depend on them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Ok = 0,
    /// The thing asked about failed: a job, a check, an invalid document.
    Failed = 1,
    /// Wrong use, or an unknown name.
    WrongUse = 2,
    /// The owner of the folder is gone.
    OwnerGone = 3,
    /// Refused: address in use, folder owned or not writable, newer database, keychain locked.
    Refused = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        // The discriminants are the contract's numbers.
        ExitCode::from(exit as u8)
    }
}
