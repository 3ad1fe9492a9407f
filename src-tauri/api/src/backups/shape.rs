//! The shapes of backups.

use std::path::Path;

use hookloom_store as store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;
use crate::failures::sentence;
use crate::named::named;
use crate::state::ApiState;
use crate::time::At;

/// How it stands with backups.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backups {
    /// Where they lie.
    pub folder: String,
    /// The newest first.
    pub items: Vec<Backup>,
    pub schedule: BackupSchedule,
    /// What is under way; null while nothing is.
    pub running: Option<BackupProgress>,
    /// Why the last one was not made or not restored; null after one that was.
    pub last_failure: Option<BackupFailure>,
    /// The restore that happens at the next start.
    pub waiting_restore: Option<WaitingRestore>,
    /// Whether this program starts itself anew to restore. The window's does not: it has to be closed and opened.
    pub restarts_itself: bool,
    /// Folders with the data that were there before a restore. Nothing deletes them but a person.
    pub set_aside: Vec<String>,
}

/// One backup.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backup {
    /// The name of its file.
    pub name: String,
    /// Of its file.
    pub bytes: u64,
    /// Why it was made; null if nobody knows.
    pub reason: Option<BackupReason>,
    /// Why it cannot be restored; null if nothing is known against it.
    pub problem: Option<String>,
    /// What it says of itself; null if that cannot be read.
    pub contents: Option<BackupContents>,
}

/// What a backup says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupContents {
    /// By the clock of the computer that made it.
    pub made_at: At,
    /// The release that made it.
    pub made_by: String,
    pub database_format: i64,
    pub flows_count: u64,
    pub requests_count: u64,
    pub jobs_count: u64,
    pub deliveries_count: u64,
    pub files_count: u64,
    /// Names of secrets whose values it does not hold. They have to be set where it is restored.
    pub secrets_needed: Vec<String>,
    /// Files of requests that were gone already when it was made.
    pub files_missing_count: usize,
    /// What is not in it, in words.
    pub not_inside: Vec<String>,
}

/// How often backups are made by themselves.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct BackupSchedule {
    pub every: BackupEvery,
    /// How many of those that the schedule made are kept.
    pub keep: u32,
}

/// How far something is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct BackupProgress {
    pub phase: BackupPhase,
    /// Of this phase.
    pub done_bytes: u64,
    /// Of this phase; 0 while it is not known.
    pub total_bytes: u64,
}

/// Why something was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupFailure {
    pub at: At,
    /// What happened, why, and what to do.
    pub message: String,
}

/// A restore that happens at the next start.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingRestore {
    /// When the backup was made.
    pub made_at: At,
    /// The folder that the present data will be moved to.
    pub aside: String,
}

named!(
    /// Why a backup was made. Those of the schedule and those before an upgrade go by themselves when there are newer ones.
    BackupReason from store::BackupReason { Manual = "manual", Scheduled = "scheduled", Upgrade = "upgrade" }
);

named!(
    /// How often a backup is made by itself.
    BackupEvery from store::Every { Off = "off", Day = "day", Week = "week" }
);

named!(
    /// What is being done.
    BackupPhase from store::BackupPhase {
        Copying = "copying", Checking = "checking", Writing = "writing",
        Verifying = "verifying", Unpacking = "unpacking",
    }
);

/// How it stands.
pub(super) async fn shown(state: &ApiState) -> Result<Backups, Error> {
    // Before the list: one that ends meanwhile is in it then.
    let running = state.store.backup_progress();
    let failure = state.store.backup_failure();
    let kept = state.store.kept_backups().await?;
    let waiting = beside(state, store::waiting_restore).await?;
    let store::BackupSchedule { every, keep } = state.store.backup_schedule().await?;
    Ok(Backups {
        folder: state.store.backups_folder().display().to_string(),
        items: kept.into_iter().map(Backup::from).collect(),
        schedule: BackupSchedule {
            every: every.into(),
            keep,
        },
        running: running.map(BackupProgress::from),
        last_failure: failure.map(|(at_ms, error)| BackupFailure {
            at: At::from_ms(at_ms),
            message: sentence(&error),
        }),
        waiting_restore: waiting.map(|it| WaitingRestore {
            made_at: At::from_ms(it.made_at_ms),
            aside: it.aside,
        }),
        restarts_itself: state.host.restarts_itself(),
        set_aside: beside(state, store::set_aside).await?,
    })
}

/// Looks at the data folder, beside the threads that answer.
pub(super) async fn beside<T: Send + 'static>(
    state: &ApiState,
    look: impl FnOnce(&Path) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, Error> {
    let store = state.store.clone();
    let looked = tokio::task::spawn_blocking(move || look(store.data_folder()));
    Ok(looked.await.map_err(Error::internal)??)
}

impl From<store::KeptBackup> for Backup {
    fn from(kept: store::KeptBackup) -> Self {
        let reason = kept.reason().map(BackupReason::from);
        let store::KeptBackup {
            name,
            path: _,
            bytes,
            manifest,
        } = kept;
        let problem = manifest.as_ref().err().map(sentence);
        Self {
            name,
            bytes,
            reason,
            problem,
            contents: manifest.ok().map(BackupContents::from),
        }
    }
}

impl From<store::Manifest> for BackupContents {
    fn from(manifest: store::Manifest) -> Self {
        let store::Manifest {
            kind: _,
            format: _,
            made_by,
            database_format,
            made_at_ms,
            reason: _,
            counts,
            secrets_needed,
            files_missing,
            not_inside,
            parts: _,
        } = manifest;
        let store::BackupCounts {
            flows,
            requests,
            jobs,
            deliveries,
            files,
        } = counts;
        Self {
            made_at: At::from_ms(made_at_ms),
            made_by,
            database_format,
            flows_count: flows,
            requests_count: requests,
            jobs_count: jobs,
            deliveries_count: deliveries,
            files_count: files,
            secrets_needed,
            files_missing_count: files_missing.len(),
            not_inside,
        }
    }
}

impl From<store::BackupProgress> for BackupProgress {
    fn from(progress: store::BackupProgress) -> Self {
        let store::BackupProgress {
            phase,
            done_bytes,
            total_bytes,
        } = progress;
        Self {
            phase: phase.into(),
            done_bytes,
            total_bytes,
        }
    }
}
