//! What a backup says of itself: the first thing in its file, so that it is read without the rest.

use serde::{Deserialize, Serialize};

/// The format of backup files that this release writes and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;
/// Marks the manifest as ours.
pub(crate) const KIND: &str = "hookloom backup";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `hookloom backup`.
    pub kind: String,
    /// Of the file itself.
    pub format: u32,
    /// The release that made it.
    pub made_by: String,
    /// Of the database in it.
    pub database_format: i64,
    /// Unix milliseconds, by the clock of the computer that made it.
    pub made_at_ms: i64,
    /// Why it was made.
    pub reason: BackupReason,
    /// How much is in it.
    pub counts: BackupCounts,
    /// Names of the secrets whose values it does not hold. They have to be set where it is restored.
    pub secrets_needed: Vec<String>,
    /// Files of requests that were gone or damaged already when it was made.
    pub files_missing: Vec<String>,
    /// What is not in it, in words.
    pub not_inside: Vec<String>,
    /// Everything after the manifest, in its order.
    pub parts: Vec<Part>,
}

/// One file within the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path within the data folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Of its bytes, in hex.
    pub sha256: String,
}

/// How much is in a backup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCounts {
    /// Flows that were not deleted.
    pub flows: u64,
    /// Requests.
    pub requests: u64,
    /// Jobs.
    pub jobs: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Files that came with requests.
    pub files: u64,
}

/// Why a backup was made. It decides how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupReason {
    /// Somebody asked for it: kept until somebody deletes it.
    Manual,
    /// The schedule: as many are kept as the schedule says.
    Scheduled,
    /// The database was about to be brought to another format: the last three are kept.
    Upgrade,
}

impl BackupReason {
    pub(crate) const ALL: [Self; 3] = [Self::Manual, Self::Scheduled, Self::Upgrade];

    /// Its name, also within the names of files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Scheduled => "scheduled",
            Self::Upgrade => "upgrade",
        }
    }
}

impl Manifest {
    /// The bytes of all parts.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }
}

/// What no backup holds.
pub(crate) fn not_inside() -> Vec<String> {
    [
        "The values of secrets: set them again where the backup is restored, or copy the key file or the passphrase vault by hand.",
        "The keys of jobs with secret state: such a job that had not ended fails after a restore, and says so.",
        "Settings of the browser and the window, such as the look and the widths of columns.",
    ]
    .map(str::to_owned)
    .to_vec()
}
