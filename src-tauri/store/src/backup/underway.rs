//! What is under way: at most one backup or restore at a time, how far it is, and the files that it still needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hookloom_model::FileId;
use parking_lot::Mutex;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::error::Error;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupPhase {
    /// The database is copied, piece by piece, between writes.
    Copying,
    /// The copy is looked through.
    Checking,
    /// The backup's file is written.
    Writing,
    /// The backup's file is read again and compared.
    Verifying,
    /// A backup is unpacked, to be put in place.
    Unpacking,
}

/// How far a backup or a restore is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupProgress {
    /// What is being done.
    pub phase: BackupPhase,
    /// Of this phase.
    pub done_bytes: u64,
    /// Of this phase; 0 while it is not known.
    pub total_bytes: u64,
}

/// What the handles of a store share about backups.
#[derive(Default)]
pub(crate) struct Backups {
    turn: Arc<AsyncMutex<()>>,
    progress: Mutex<Option<BackupProgress>>,
    last_failure: Mutex<Option<(i64, Error)>>,
    is_ending: AtomicBool,
    /// How many are making a backup now, and the files that nobody else needs any more.
    held: AtomicU64,
    unneeded: Mutex<Vec<FileId>>,
}

/// The right to be the one. Ends when it is dropped.
pub(crate) struct Underway {
    backups: Arc<Backups>,
    _turn: OwnedMutexGuard<()>,
}

impl Backups {
    /// Begins one, unless one is under way.
    pub(crate) fn begin(self: &Arc<Self>) -> Result<Underway, Error> {
        let turn = Arc::clone(&self.turn).try_lock_owned();
        let turn = turn.map_err(|_| Error::BackupBusy)?;
        let underway = Underway {
            backups: Arc::clone(self),
            _turn: turn,
        };
        underway.is_at(BackupPhase::Copying, 0);
        underway.check_going()?;
        Ok(underway)
    }

    pub(crate) fn progress(&self) -> Option<BackupProgress> {
        *self.progress.lock()
    }

    pub(crate) fn last_failure(&self) -> Option<(i64, Error)> {
        self.last_failure.lock().clone()
    }

    pub(crate) fn ended(&self, at_ms: i64, failure: Option<&Error>) {
        *self.last_failure.lock() = failure.map(|error| (at_ms, error.clone()));
    }

    /// Cuts off what is under way and lets nothing more begin. Returns when it has ended.
    pub(crate) async fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
        drop(self.turn.lock().await);
    }

    /// Whether a file may go now. One that may not is kept in mind until the backup that may need it is done.
    pub(crate) fn may_unlink(&self, ids: &[FileId]) -> bool {
        let mut unneeded = self.unneeded.lock();
        if self.held.load(Ordering::Acquire) == 0 {
            return true;
        }
        unneeded.extend(ids);
        false
    }

    /// From now on no file of a request goes.
    pub(crate) fn hold_files(&self) {
        let _unneeded = self.unneeded.lock();
        self.held.fetch_add(1, Ordering::AcqRel);
    }

    /// Gives the files that may go now.
    pub(crate) fn release_files(&self) -> Vec<FileId> {
        let mut unneeded = self.unneeded.lock();
        if self.held.fetch_sub(1, Ordering::AcqRel) > 1 {
            return Vec::new();
        }
        std::mem::take(&mut *unneeded)
    }
}

impl Underway {
    /// A phase begins.
    pub(crate) fn is_at(&self, phase: BackupPhase, total_bytes: u64) {
        *self.backups.progress.lock() = Some(BackupProgress {
            phase,
            done_bytes: 0,
            total_bytes,
        });
    }

    /// So much more is done.
    pub(crate) fn done(&self, bytes: u64) {
        if let Some(progress) = self.backups.progress.lock().as_mut() {
            progress.done_bytes += bytes;
        }
    }

    /// So much is done of so much.
    pub(crate) fn is_done(&self, done_bytes: u64, total_bytes: u64) {
        if let Some(progress) = self.backups.progress.lock().as_mut() {
            progress.done_bytes = done_bytes;
            progress.total_bytes = total_bytes;
        }
    }

    /// An error once the store is being closed.
    pub(crate) fn check_going(&self) -> Result<(), Error> {
        match self.backups.is_ending.load(Ordering::Relaxed) {
            true => Err(Error::Stopped),
            false => Ok(()),
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        *self.backups.progress.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_is_one_at_a_time_and_none_after_the_end() {
        let backups = Arc::<Backups>::default();
        let first = backups.begin().expect("nothing is under way");
        assert!(matches!(backups.begin(), Err(Error::BackupBusy)));
        first.is_at(BackupPhase::Writing, 10);
        first.done(4);
        assert_eq!(backups.progress().map(|it| it.done_bytes), Some(4));
        drop(first);
        assert_eq!(backups.progress(), None);
        backups.end().await;
        assert!(matches!(backups.begin(), Err(Error::Stopped)));
    }

    #[test]
    fn a_file_goes_only_when_no_backup_may_need_it() {
        let backups = Backups::default();
        let id = FileId::new(1, [0; 10]);
        assert!(backups.may_unlink(&[id]));
        backups.hold_files();
        assert!(!backups.may_unlink(&[id]));
        assert_eq!(backups.release_files(), [id]);
        assert!(backups.may_unlink(&[id]) && backups.unneeded.lock().is_empty());
    }
}
