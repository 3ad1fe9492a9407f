//! Copying the database while it is written to: in pieces, on the writer's own connection, between its batches.
//!
//! From another connection SQLite would begin anew with every write, and never end. On this one it carries each write
//! into what is copied already. Decides nothing about when: the writer's thread gives it turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tokio::sync::oneshot;

use super::archive::new_private;
use super::underway::{BackupPhase, Underway};
use crate::connect;
use crate::error::Error;

/// Pages of one piece: 256 KiB, which takes less than a millisecond.
const PIECE_PAGES: i32 = 64;
/// After a piece the writer has this many times as long for others.
const REST_TIMES: u32 = 2;
/// How long the writer waits for work between two pieces when there is none.
const IDLE: Duration = Duration::from_millis(1);

/// Asks the writer's thread for a copy.
pub(crate) struct CopyOrder {
    pub(crate) path: PathBuf,
    pub(crate) underway: Arc<Underway>,
    pub(crate) answer: oneshot::Sender<Result<(), Error>>,
}

/// Copies everything. `between` is called before each piece, for at most the time that it is given; when it says that
/// there is nothing to go on for, the copy ends.
pub(crate) fn copy(
    from: &Connection,
    path: &Path,
    underway: &Underway,
    mut between: impl FnMut(Duration) -> bool,
) -> Result<(), Error> {
    new_private(path).map_err(|error| Error::backup_io("making the copy", path, error))?;
    let mut to = connect::open_copy(path)?;
    let page_bytes: u64 = from.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let copying = Backup::new(from, &mut to)?;
    let mut next_at = Instant::now();
    loop {
        if !between(IDLE) {
            return Err(Error::Stopped);
        }
        underway.check_going()?;
        let begun = Instant::now();
        if begun < next_at {
            continue;
        }
        let step = copying.step(PIECE_PAGES)?;
        let progress = copying.progress();
        let pages = |count: i32| u64::try_from(count).unwrap_or(0) * page_bytes;
        let done = pages(progress.pagecount - progress.remaining);
        underway.is_done(done, pages(progress.pagecount));
        if step == StepResult::Done {
            return Ok(());
        }
        next_at = Instant::now() + begun.elapsed() * REST_TIMES;
    }
}

/// Makes the copy a database in one file, and looks through all of it.
pub(super) fn open_checked(path: &Path, underway: &Underway) -> Result<Connection, Error> {
    underway.is_at(BackupPhase::Checking, 0);
    let conn = connect::open_copy(path)?;
    conn.pragma_update(None, "journal_mode", "delete")?;
    check_integrity(&conn)?;
    // It was synced by nobody so far. Opened for writing: Windows syncs nothing else.
    let synced = fs::OpenOptions::new().write(true).open(path);
    let synced = synced.and_then(|file| file.sync_all());
    synced.map_err(|error| Error::backup_io("syncing the copy", path, error))?;
    Ok(conn)
}

/// Every page, every row and every index.
pub(super) fn check_integrity(conn: &Connection) -> Result<(), Error> {
    let mut statement = conn.prepare("PRAGMA integrity_check(1)")?;
    let found: String = statement.query_row([], |row| row.get(0))?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(Error::Damaged { what: found }),
    }
}
