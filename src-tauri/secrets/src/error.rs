//! What can go wrong with secrets as a whole. Reading one secret has its own error, that of the port.

use std::io;
use std::path::PathBuf;

use hookloom_engine::ports::{JournalError, SecretError};

use crate::custodian::SECRET_BYTES_MAX;

/// Why secrets cannot be opened, set or deleted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `HOOKLOOM_VAULT` and its companions make no sense together.
    #[error("{what}; {todo}")]
    Choice {
        /// What is wrong.
        what: String,
        /// What to do.
        todo: String,
    },
    /// A key or passphrase file that cannot be used.
    #[error("the file {} cannot be used: {what}; {todo}", path.display())]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to do.
        todo: String,
    },
    /// The sealed file does not open, or belongs to another kind of vault.
    #[error("the secrets in {} cannot be opened: {what}; {todo}", path.display())]
    SealedFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// What to do.
        todo: String,
    },
    /// A file could not be read or written.
    #[error("{what} failed at {}: {source}; look at the disk and at the folder's permissions", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A name that no secret can have.
    #[error(
        "`{name}` cannot name a secret: a name is a letter or `_`, then at most 63 letters, digits or `_`"
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// Nothing is no secret.
    #[error("the value of `{name}` is empty; to remove a secret, delete it")]
    Empty {
        /// The secret's name.
        name: String,
    },
    /// Longer than a secret may be.
    #[error(
        "the value of `{name}` has {bytes} bytes; a secret has at most {SECRET_BYTES_MAX} (SECRET_BYTES_MAX)"
    )]
    TooLong {
        /// The secret's name.
        name: String,
        /// How long it is.
        bytes: usize,
    },
    /// The vault cannot do it now.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The names of the secrets cannot be read or written.
    #[error("the list of secrets failed")]
    Names(#[from] JournalError),
}
