//! Backups by the schedule, and the restore of one in a folder that nobody has open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hookloom_engine::ports::Clock;
use hookloom_store::{
    BackupOrder, BackupReason, Error as StoreError, Every, Manifest, Store, finish_restore,
    stage_restore,
};
use tokio_util::sync::CancellationToken;

use crate::clock::now_ms;
use crate::error::Error;
use crate::folder::DataFolder;
use crate::owner::Ownership;

/// How often the schedule is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// One that failed is tried again after this long.
const AGAIN_MS: i64 = 60 * 60 * 1_000;

/// Makes backups when they are due, until it is stopped.
pub(crate) async fn keep(store: Store, clock: impl Clock, stopping: CancellationToken) {
    let work = async {
        loop {
            match back_up_if_due(&store, &clock).await {
                Ok(Some(name)) => tracing::info!(%name, "a backup was made"),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "the scheduled backup could not be made; it is tried again in an hour");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
}

/// Gives the name of the one that was made.
async fn back_up_if_due(store: &Store, clock: &impl Clock) -> Result<Option<String>, StoreError> {
    let schedule = store.backup_schedule().await?;
    if schedule.every == Every::Off {
        return Ok(None);
    }
    let now_ms = clock.now_ms();
    let failed_at_ms = store.backup_failure().map(|(at_ms, _)| at_ms);
    if failed_at_ms.is_some_and(|at_ms| (0..AGAIN_MS).contains(&(now_ms - at_ms))) {
        return Ok(None);
    }
    let kept = store.kept_backups().await?;
    let scheduled = kept
        .iter()
        .filter(|it| it.reason() == Some(BackupReason::Scheduled));
    let made = scheduled.filter_map(|it| it.manifest.as_ref().ok());
    if !schedule.is_due(made.map(|it| it.made_at_ms).max(), now_ms) {
        return Ok(None);
    }
    let order = BackupOrder {
        reason: BackupReason::Scheduled,
        keep: Some(schedule.keep as usize),
        now_ms,
    };
    match store.back_up(order).await {
        Ok(made) => Ok(Some(made.name)),
        // Somebody makes one just now, or Hookloom is being closed.
        Err(StoreError::BackupBusy | StoreError::Stopped) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What was put in place.
#[derive(Debug)]
pub struct RestoredBackup {
    /// What it holds.
    pub manifest: Manifest,
    /// Where the data lie that were there before.
    pub aside: PathBuf,
}

/// Reads a backup whole, and compares every part of it with what it says.
///
/// # Errors
/// It is no backup, of a newer release, or damaged.
pub fn check_backup(file: &Path) -> Result<Manifest, Error> {
    Ok(hookloom_store::check_backup(file)?)
}

/// The backups in a folder, the newest first, as the API shows them: also where the database cannot be opened. Blocks.
///
/// # Errors
/// Their folder cannot be read.
pub fn listed_backups(folder: &DataFolder) -> Result<Vec<hookloom_api::Backup>, Error> {
    let kept = hookloom_store::kept_backups(folder.path())?;
    Ok(kept.into_iter().map(Into::into).collect())
}

/// Puts a backup in place in a folder that nobody has open. The backup is checked first, and what is there is moved
/// aside. Blocks.
///
/// # Errors
/// Somebody has the folder open; the backup cannot be restored; there is no room. Nothing was changed then.
pub fn restore_backup(folder: &DataFolder, file: &Path) -> Result<RestoredBackup, Error> {
    let ownership = Ownership::take_after_commands(folder)?;
    let manifest = stage_restore(folder.path(), file, now_ms())?;
    let restored = finish_restore(folder.path())?;
    drop(ownership);
    let restored = restored.ok_or_else(|| Error::Internal {
        what: "the restore that was made ready is gone".to_owned(),
    })?;
    Ok(RestoredBackup {
        manifest,
        aside: restored.aside,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use async_trait::async_trait;
    use hookloom_store::{BackupSchedule, StoreOptions};

    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

    struct At(AtomicI64);

    #[async_trait]
    impl Clock for At {
        fn now_ms(&self) -> i64 {
            self.0.load(Ordering::Relaxed)
        }

        async fn sleep_until_ms(&self, _at_ms: i64) {}
    }

    #[tokio::test]
    async fn backups_are_made_when_they_are_due_and_so_many_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
        let clock = At(AtomicI64::new(100 * DAY_MS));
        let due = async || back_up_if_due(&store, &clock).await.expect("there is room");
        assert_eq!(due().await, None, "it is off");
        let daily = BackupSchedule {
            every: Every::Day,
            keep: 2,
        };
        store
            .set_backup_schedule(daily)
            .await
            .expect("there is room");
        let first = due().await.expect("none was ever made");
        assert_eq!(due().await, None, "it was made");
        for _ in 0..2 {
            clock.0.fetch_add(DAY_MS, Ordering::Relaxed);
            assert!(due().await.is_some());
        }
        let kept = store.kept_backups().await.expect("a folder");
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|it| it.name != first), "the oldest went");
        // The clock went back: what was made in the future does not keep the next one waiting.
        clock.0.fetch_sub(50 * DAY_MS, Ordering::Relaxed);
        let after = due().await.expect("it is due");
        let kept = store.kept_backups().await.expect("a folder");
        assert_eq!(kept[0].name, after, "it is the newest all the same");
    }
}
