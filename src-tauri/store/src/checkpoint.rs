//! Moving the write-ahead log into the database: by the writer, between batches, so that nobody waits for a lock.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::wal::CheckpointMode;

use crate::readers::Interrupts;

/// A passive checkpoint is made once this much was logged since the last one.
const WAL_PASSIVE_BYTES: u64 = 8 * 1024 * 1024;
/// Beyond this the log is emptied, which waits shortly for readers.
const WAL_TRUNCATE_BYTES: u64 = 64 * 1024 * 1024;
/// Beyond this readers are interrupted: one old snapshot keeps the log from being emptied.
const WAL_INTERRUPT_BYTES: u64 = 192 * 1024 * 1024;
/// How long emptying the log waits for readers.
const TRUNCATE_MS_MAX: u64 = 100;
/// How long a write waits for a lock otherwise.
const BUSY_MS_MAX: u64 = 5_000;

/// When to checkpoint, and how.
pub(crate) struct Checkpoints {
    log: PathBuf,
    readers: Arc<Interrupts>,
    /// Pages in the log after the last commit, told by SQLite's hook.
    pages: Arc<AtomicU64>,
    page_bytes: u64,
    /// What the log had when the last passive checkpoint was made.
    passive_at_bytes: u64,
    /// When emptying the log is tried next: not with every batch while a reader is in the way.
    truncate_at_bytes: u64,
}

impl Checkpoints {
    /// Sets the hook of the writer's connection.
    pub(crate) fn new(
        conn: &mut Connection,
        database: &Path,
        readers: Arc<Interrupts>,
    ) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&pages);
        conn.wal_hook(Some(move |_: &mut _, logged: i32| {
            told.store(u64::try_from(logged).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let page_bytes = conn.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self {
            log: PathBuf::from(log),
            readers,
            pages,
            page_bytes,
            passive_at_bytes: 0,
            truncate_at_bytes: WAL_TRUNCATE_BYTES,
        })
    }

    pub(crate) fn after_batch(&mut self, conn: &Connection) {
        let logged = self.pages.load(Ordering::Relaxed) * self.page_bytes;
        if logged < self.passive_at_bytes {
            // The log began anew.
            self.begin_anew();
        }
        if logged >= self.truncate_at_bytes {
            self.truncate_at_bytes = logged + WAL_PASSIVE_BYTES;
            if logged >= WAL_INTERRUPT_BYTES {
                tracing::warn!(
                    logged,
                    "the write-ahead log is long: readers are interrupted"
                );
                self.readers.interrupt_all();
            }
            self.truncate(conn);
        } else if logged >= self.passive_at_bytes + WAL_PASSIVE_BYTES {
            self.passive_at_bytes = logged;
            run(conn, CheckpointMode::PASSIVE);
        }
    }

    /// Leaves a short log behind.
    pub(crate) fn at_end(&mut self, conn: &Connection) {
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > 0) {
            self.truncate(conn);
        }
    }

    fn begin_anew(&mut self) {
        self.passive_at_bytes = 0;
        self.truncate_at_bytes = WAL_TRUNCATE_BYTES;
    }

    fn truncate(&mut self, conn: &Connection) {
        let patience = |ms| conn.busy_timeout(Duration::from_millis(ms));
        if patience(TRUNCATE_MS_MAX).is_ok() && run(conn, CheckpointMode::TRUNCATE) {
            self.pages.store(0, Ordering::Relaxed);
            self.begin_anew();
        }
        if let Err(error) = patience(BUSY_MS_MAX) {
            tracing::error!(%error, "the time to wait for locks could not be set");
        }
    }
}

/// Whether it was done. One that a reader is in the way of is made later; so is one without room on the disk.
fn run(conn: &Connection, mode: CheckpointMode) -> bool {
    match conn.wal_checkpoint_v2(Some("main"), mode) {
        Ok(_) => true,
        Err(error) => {
            if error.sqlite_error_code() != Some(rusqlite::ErrorCode::DatabaseBusy) {
                tracing::warn!(%error, "the write-ahead log could not be moved into the database");
            }
            false
        }
    }
}
