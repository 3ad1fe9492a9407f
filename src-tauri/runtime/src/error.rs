//! Why a data folder could not be opened, or its owner not be reached: what happened, why, what to do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::owner::OwnerRecord;
use crate::way_back::WayBack;

/// One of the two listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listener {
    /// Where senders call.
    Receiver,
    /// Where the user, scripts and the workbench call.
    Control,
}

impl Listener {
    /// Its name in sentences and in the status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receiver => "receiver",
            Self::Control => "control",
        }
    }

    /// The option of `hookloom serve` that chooses its address.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Receiver => "--receiver",
            Self::Control => "--control",
        }
    }
}

/// What a caller does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The operating system names no place for data, and none was given.
    NoFolder,
    /// The folder cannot be made, read or written.
    FolderUnusable,
    /// Another process owns the folder.
    FolderOwned,
    /// The owner went away while it was asked.
    OwnerGone,
    /// Somebody else listens there.
    AddressInUse,
    /// The address cannot be listened on at all.
    AddressRefused,
    /// The database was written by a newer release.
    NewerDatabase,
    /// The database cannot be opened.
    DatabaseUnusable,
    /// The database needs another format, and the backup before it could not be made.
    MigrationRefused,
    /// A file is no backup that can be restored.
    BackupUnusable,
    /// The disk has not enough room.
    NoRoom,
    /// The chosen vault cannot be used.
    VaultUnusable,
    /// Our fault.
    Internal,
}

impl Code {
    /// The stable name for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFolder => "no_data_folder",
            Self::FolderUnusable => "data_folder_unusable",
            Self::FolderOwned => "data_folder_owned",
            Self::OwnerGone => "owner_gone",
            Self::AddressInUse => "address_in_use",
            Self::AddressRefused => "address_refused",
            Self::NewerDatabase => "newer_database",
            Self::DatabaseUnusable => "database_unusable",
            Self::MigrationRefused => "migration_refused",
            Self::BackupUnusable => "backup_unusable",
            Self::NoRoom => "no_room",
            Self::VaultUnusable => "vault_unusable",
            Self::Internal => "internal",
        }
    }
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// See [`Code::NoFolder`].
    #[error(
        "This system names no place for application data, so Hookloom does not know where its data folder is."
    )]
    NoFolder,
    /// See [`Code::FolderUnusable`].
    #[error("The data folder {} cannot be used: {what} failed: {source}.", path.display())]
    FolderUnusable {
        /// The folder.
        path: PathBuf,
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// See [`Code::FolderOwned`].
    #[error("The data folder {} is in use by {}.", path.display(), owner_text(owner.as_deref()))]
    FolderOwned {
        /// The folder.
        path: PathBuf,
        /// Who says to own it, if that can be read.
        owner: Option<Box<OwnerRecord>>,
    },
    /// See [`Code::OwnerGone`].
    #[error(
        "The owner of the data folder, {}, went away before it answered: {reason}.",
        owner_text(Some(owner))
    )]
    OwnerGone {
        /// Who it was.
        owner: Box<OwnerRecord>,
        /// What was seen.
        reason: String,
    },
    /// See [`Code::AddressInUse`].
    #[error("The {} listener cannot use {address}: another program listens there.", listener.as_str())]
    AddressInUse {
        /// Whose address.
        listener: Listener,
        /// The address.
        address: SocketAddr,
    },
    /// See [`Code::AddressRefused`].
    #[error("The {} listener cannot use {address}: {source}.", listener.as_str())]
    AddressRefused {
        /// Whose address.
        listener: Listener,
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The database cannot be opened or read; its [`Code`] says what kind of failure it is.
    #[error("{}.", sentence(source))]
    Database {
        /// Why not.
        source: hookloom_store::Error,
        /// The newest backup in that folder, where one would help.
        way_back: Option<Box<WayBack>>,
    },
    /// See [`Code::VaultUnusable`].
    #[error("{}.", sentence(source))]
    Vault {
        /// Why not, and what to do.
        #[from]
        source: hookloom_secrets::Error,
    },
    /// See [`Code::Internal`].
    #[error("Hookloom failed: {what}.")]
    Internal {
        /// What failed.
        what: String,
    },
}

impl Error {
    /// What a caller can tell apart.
    pub fn code(&self) -> Code {
        match self {
            Self::NoFolder => Code::NoFolder,
            Self::FolderUnusable { .. } => Code::FolderUnusable,
            Self::FolderOwned { .. } => Code::FolderOwned,
            Self::OwnerGone { .. } => Code::OwnerGone,
            Self::AddressInUse { .. } => Code::AddressInUse,
            Self::AddressRefused { .. } => Code::AddressRefused,
            Self::Database { source, .. } => code_of_database(source),
            Self::Vault { .. } => Code::VaultUnusable,
            Self::Internal { .. } => Code::Internal,
        }
    }

    /// Whether the folder could be reached, and its database not be opened.
    pub fn is_of_the_database(&self) -> bool {
        matches!(self, Self::Database { .. })
    }

    /// The newest backup in the folder, where putting it back would help.
    pub fn way_back(&self) -> Option<&WayBack> {
        match self {
            Self::Database { way_back, .. } => way_back.as_deref(),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoFolder => "Choose a folder with --data DIR or HOOKLOOM_DATA.".into(),
            Self::FolderUnusable { .. } => {
                "Make the folder writable for this user, or choose another with --data DIR or HOOKLOOM_DATA."
                    .into()
            }
            Self::FolderOwned { .. } => {
                "Only one process may own a data folder. Stop that one, or choose another folder with --data DIR or HOOKLOOM_DATA."
                    .into()
            }
            Self::OwnerGone { .. } => {
                "What was asked may or may not have happened: look, then ask again.".into()
            }
            Self::AddressInUse { listener, .. } => format!(
                "Stop the other program, or choose another address with {} ADDRESS (port 0 takes a free one).",
                listener.setting()
            ),
            Self::AddressRefused { listener, .. } => format!(
                "Choose an address of this machine with {} ADDRESS, for example 127.0.0.1:0.",
                listener.setting()
            ),
            Self::Database { source, way_back } => {
                let hint = hint_for_database(source);
                way_back.as_deref().map_or_else(
                    || hint.to_owned(),
                    |way_back| format!("{hint} {}", way_back.by_command()),
                )
            }
            Self::Vault { .. } => {
                "HOOKLOOM_VAULT is keychain, passphrase (with HOOKLOOM_PASSPHRASE_FILE) or file (with HOOKLOOM_VAULT_KEY_FILE)."
                    .into()
            }
            Self::Internal { .. } => "Run it again with HOOKLOOM_LOG=debug to see more.".into(),
        }
    }
}

impl From<hookloom_store::Error> for Error {
    fn from(source: hookloom_store::Error) -> Self {
        Self::Database {
            source,
            way_back: None,
        }
    }
}

fn owner_text(owner: Option<&OwnerRecord>) -> String {
    match owner {
        Some(owner) => format!("process {} ({})", owner.pid, owner.role),
        None => "another process".to_owned(),
    }
}

fn code_of_database(error: &hookloom_store::Error) -> Code {
    use hookloom_store::Error as Database;
    match error {
        Database::NewerDatabase { .. } => Code::NewerDatabase,
        Database::FolderNotWritable { .. } => Code::FolderUnusable,
        Database::MigrationRefused { .. } => Code::MigrationRefused,
        Database::NoRoom { .. } => Code::NoRoom,
        Database::NotABackup { .. }
        | Database::NewerBackup { .. }
        | Database::BackupDamaged { .. }
        | Database::BackupFailed { .. } => Code::BackupUnusable,
        Database::NotOurs { .. }
        | Database::Damaged { .. }
        | Database::SqliteTooOld { .. }
        | Database::DiskFull
        | Database::DiskFailed { .. } => Code::DatabaseUnusable,
        _ => Code::Internal,
    }
}

fn hint_for_database(error: &hookloom_store::Error) -> &'static str {
    match code_of_database(error) {
        Code::NewerDatabase => {
            "Use the newer release for this folder, or choose another folder with --data DIR or HOOKLOOM_DATA."
        }
        Code::FolderUnusable => {
            "Make the folder writable for this user, or choose another with --data DIR or HOOKLOOM_DATA."
        }
        Code::DatabaseUnusable => {
            "Keep a copy of the folder before anything else; then put back a backup with `hookloom restore FILE` (`hookloom backup list` shows those in the folder), or choose another folder with --data DIR."
        }
        Code::MigrationRefused => {
            "Mend what stands in the way of the backup, then start Hookloom again; or start the release that you had before."
        }
        Code::BackupUnusable => "`hookloom backup list` shows the backups of a data folder.",
        Code::NoRoom => {
            "Make room on that disk, for example by moving older backups to another one."
        }
        _ => "Run it again with HOOKLOOM_LOG=debug to see more.",
    }
}

/// An error's text as the beginning of a sentence.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters
        .next()
        .map(|it| it.to_uppercase().to_string())
        .unwrap_or_default();
    first + letters.as_str()
}
