//! Who owns a data folder. The lock on `lock` decides, and goes with its process however that ends;
//! `owner.json` only says who it is and how to reach it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::folder::DataFolder;
use crate::private_file;

/// A short-lived owner (a command) is waited for this long before the folder counts as owned.
const COMMAND_WAIT_MS_MAX: u64 = 10_000;
const COMMAND_POLL_MS: u64 = 20;

/// What an owner is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// `hookloom serve`.
    Serve,
    /// The desktop app.
    App,
    /// A command that opened the folder because nobody else had: gone in a moment.
    Command,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Serve => "hookloom serve",
            Self::App => "the Hookloom app",
            Self::Command => "a hookloom command",
        })
    }
}

/// The text of `owner.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRecord {
    /// The owner's process.
    pub pid: u32,
    /// What it is there for.
    pub role: Role,
    /// Its release.
    pub version: String,
    /// Where its control listener is, `http://…`; none while that is off.
    pub control: Option<String>,
    /// The file with the bearer token.
    pub token_file: PathBuf,
}

/// The right to use a folder. Dropping it gives the folder free.
#[derive(Debug)]
pub struct Ownership {
    // Closing the file releases the lock, also when the process is killed.
    _lock: File,
    record_path: PathBuf,
    token_path: PathBuf,
}

impl Ownership {
    /// Takes the folder, or says who has it.
    pub fn take(folder: &DataFolder) -> Result<Self, Error> {
        folder.create()?;
        let lock = open_lock(&folder.lock())
            .map_err(|source| folder.unusable("opening its lock for writing", source))?;
        match lock.try_lock() {
            Ok(()) => {
                // What a killed owner left must not send a guest to an address that is not ours.
                private_file::remove(&folder.owner());
                Ok(Self {
                    _lock: lock,
                    record_path: folder.owner(),
                    token_path: folder.token(),
                })
            }
            Err(TryLockError::WouldBlock) => Err(Error::FolderOwned {
                path: folder.path().to_path_buf(),
                owner: OwnerRecord::read(folder).map(Box::new),
            }),
            Err(TryLockError::Error(source)) => Err(folder.unusable("locking it", source)),
        }
    }

    /// Like [`Ownership::take`], but waits for commands to end: they hold a folder for a moment only.
    pub fn take_after_commands(folder: &DataFolder) -> Result<Self, Error> {
        let deadline = Instant::now() + Duration::from_millis(COMMAND_WAIT_MS_MAX);
        loop {
            match Self::take(folder) {
                Err(Error::FolderOwned { owner, .. })
                    if owner.as_ref().is_none_or(|it| it.role == Role::Command)
                        && Instant::now() < deadline =>
                {
                    std::thread::sleep(Duration::from_millis(COMMAND_POLL_MS));
                }
                other => return other,
            }
        }
    }

    /// Says who the owner is and how to reach it.
    pub fn announce(&self, record: &OwnerRecord) -> io::Result<()> {
        let text = serde_json::to_string_pretty(record)?;
        private_file::replace(&self.record_path, &text)
    }
}

impl Drop for Ownership {
    fn drop(&mut self) {
        // Still under the lock: nobody else's record or token can be there.
        private_file::remove(&self.record_path);
        private_file::remove(&self.token_path);
    }
}

impl OwnerRecord {
    /// What `owner.json` says, if it is there and whole. Its process may be gone: only the lock tells.
    pub fn read(folder: &DataFolder) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.owner()).ok()?).ok()
    }
}

#[cfg(unix)]
fn open_lock(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::resolve(Some(parent.path().join("data"))).expect("a path");
        (parent, folder)
    }

    fn record(role: Role) -> OwnerRecord {
        OwnerRecord {
            pid: 4711,
            role,
            version: "0.1.0".into(),
            control: Some("http://127.0.0.1:4748".into()),
            token_file: "/data/control.token".into(),
        }
    }

    #[test]
    fn a_second_owner_is_refused_and_told_who_the_first_is() {
        let (_parent, folder) = folder();
        let first = Ownership::take(&folder).expect("it is free");
        first.announce(&record(Role::Serve)).expect("it is written");
        let error = Ownership::take(&folder).expect_err("it is owned");
        assert!(
            error.to_string().contains("process 4711 (hookloom serve)"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_is_free_again_when_its_owner_is_dropped_and_no_record_stays() {
        let (_parent, folder) = folder();
        let first = Ownership::take(&folder).expect("it is free");
        first.announce(&record(Role::App)).expect("it is written");
        assert_eq!(OwnerRecord::read(&folder), Some(record(Role::App)));
        drop(first);
        assert_eq!(OwnerRecord::read(&folder), None);
        Ownership::take(&folder).expect("it is free again");
    }

    #[test]
    fn the_record_of_a_killed_owner_does_not_keep_the_folder() {
        let (_parent, folder) = folder();
        folder.create().expect("a folder");
        let text = serde_json::to_string(&record(Role::Serve)).expect("a record");
        fs::write(folder.owner(), text).expect("what a killed owner leaves");
        Ownership::take(&folder).expect("nobody holds the lock");
    }

    #[test]
    fn a_command_is_waited_for_but_a_server_is_not() {
        let (_parent, folder) = folder();
        let command = Ownership::take(&folder).expect("it is free");
        command
            .announce(&record(Role::Command))
            .expect("it is written");
        let waiting = std::thread::spawn({
            let folder = folder.clone();
            move || Ownership::take_after_commands(&folder).map(|_| ())
        });
        std::thread::sleep(Duration::from_millis(100));
        drop(command);
        assert!(waiting.join().expect("the thread ends").is_ok());

        let server = Ownership::take(&folder).expect("it is free");
        server
            .announce(&record(Role::Serve))
            .expect("it is written");
        let started = Instant::now();
        assert!(Ownership::take_after_commands(&folder).is_err());
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}
