//! Moving the write-ahead log into the database: by the writer, between batches, so that nobody waits for a lock.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::wal::CheckpointMode;

use crate::traffic::{READ_WAIT_MS_MAX, Traffic};

/// At which lengths of the log what is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogBounds {
    /// A passive checkpoint is made once this much was logged since the last one.
    pub(crate) passive_bytes: u64,
    /// Beyond this the log is emptied. New reads wait until it is, so that there is a moment without any.
    pub(crate) truncate_bytes: u64,
    /// How long the writer waits for reads that are under way. After that it goes on, and empties the log when the last
    /// of them has ended.
    pub(crate) truncate_ms_max: u64,
    /// How long new reads wait, all in all.
    pub(crate) close_ms_max: u64,
    /// What is logged between two tries to empty it: not with every batch while a reader is in the way.
    pub(crate) retry_bytes: u64,
    /// Beyond this readers are interrupted: one old snapshot keeps the log from being emptied.
    pub(crate) interrupt_bytes: u64,
}

impl Default for LogBounds {
    /// The log has 64 MiB at most while reads end soon: emptying it begins so far below that what is written until the last
    /// of them has ended fits in, and so does a try in vain. It never has more than 256 MiB.
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            passive_bytes: 8 * MIB,
            truncate_bytes: 48 * MIB,
            truncate_ms_max: 100,
            close_ms_max: READ_WAIT_MS_MAX,
            retry_bytes: 8 * MIB,
            interrupt_bytes: 192 * MIB,
        }
    }
}

/// How long a write waits for a lock otherwise.
const BUSY_MS_MAX: u64 = 5_000;

/// When to checkpoint, and how.
pub(crate) struct Checkpoints {
    log: PathBuf,
    bounds: LogBounds,
    traffic: Arc<Traffic>,
    /// Pages in the log after the last commit, told by SQLite's hook.
    pages: Arc<AtomicU64>,
    page_bytes: u64,
    /// What the log had when the last passive checkpoint was made.
    passive_at_bytes: u64,
    /// When emptying the log is tried next.
    truncate_at_bytes: u64,
}

impl Checkpoints {
    /// Sets the hook of the writer's connection.
    pub(crate) fn new(
        conn: &mut Connection,
        database: &Path,
        traffic: Arc<Traffic>,
        bounds: LogBounds,
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
            bounds,
            traffic,
            pages,
            page_bytes,
            passive_at_bytes: 0,
            truncate_at_bytes: bounds.truncate_bytes,
        })
    }

    pub(crate) fn after_batch(&mut self, conn: &Connection) {
        let logged = self.pages.load(Ordering::Relaxed) * self.page_bytes;
        if logged < self.passive_at_bytes {
            // The log began anew.
            self.begin_anew();
        }
        if logged >= self.truncate_at_bytes {
            self.truncate_at_bytes = logged.saturating_add(self.bounds.retry_bytes);
            if logged >= self.bounds.interrupt_bytes {
                tracing::warn!(
                    logged,
                    "the write-ahead log is long: readers are interrupted"
                );
                self.traffic.interrupt_all();
            }
            self.traffic.close();
            self.empty(conn, self.bounds.truncate_ms_max);
        } else if self.traffic.closed_for().is_some() {
            self.empty(conn, 0);
        } else if logged
            >= self
                .passive_at_bytes
                .saturating_add(self.bounds.passive_bytes)
        {
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

    /// Empties the log once no read is under way. Then those are let in that wait, and also when it takes too long.
    fn empty(&mut self, conn: &Connection, patience_ms: u64) {
        let patience = Duration::from_millis(patience_ms);
        let have_ended = self.traffic.have_ended_within(patience);
        if have_ended {
            self.truncate(conn);
        }
        let bound = Duration::from_millis(self.bounds.close_ms_max);
        let is_long = self.traffic.closed_for().is_some_and(|it| it >= bound);
        if have_ended || is_long {
            self.traffic.open();
        }
    }

    fn begin_anew(&mut self) {
        self.passive_at_bytes = 0;
        self.truncate_at_bytes = self.bounds.truncate_bytes;
    }

    /// Only who reads the file without being one of our readers can be in the way.
    fn truncate(&mut self, conn: &Connection) {
        let patience = |ms| conn.busy_timeout(Duration::from_millis(ms));
        if patience(self.bounds.truncate_ms_max).is_ok() && run(conn, CheckpointMode::TRUNCATE) {
            self.pages.store(0, Ordering::Relaxed);
            self.begin_anew();
        }
        if let Err(error) = patience(BUSY_MS_MAX) {
            tracing::error!(%error, "the time to wait for locks could not be set");
        }
    }
}

impl Drop for Checkpoints {
    /// Nobody waits for a writer that is gone.
    fn drop(&mut self) {
        self.traffic.open();
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
