//! The write-ahead log keeps to its bounds under load. Checkpoints in passing, the way in that is closed for new reads,
//! interrupts and the limit of a read are each tried alone against what they are for; without the first three the same
//! load passes the bound.
//!
//! The real code with bounds of a sixty-fourth, so that a load takes moments. `bounds` has the real ones once.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::support::folder_in_memory;
use crate::checkpoint::{Checkpoints, LogBounds};
use crate::readers::Readers;
use crate::traffic::{READ_WAIT_MS_MAX, Traffic};
use crate::{Error, connect};

/// Everything is smaller by this.
const SCALE: u64 = 64;
const MIB: u64 = 1024 * 1024;
/// While every read ends soon.
const STEADY_BYTES_MAX: u64 = 64 * MIB / SCALE;
/// With the worst of readers.
const WORST_BYTES_MAX: u64 = 256 * MIB / SCALE;
/// What is switched off is asked for at this length.
const NEVER: u64 = u64::MAX;
/// A read that is limited by nothing else.
const HOUR_MS: u64 = 60 * 60 * 1_000;
const ROW_BYTES: u32 = 16 * 1024;
/// The table has so many rows, each written over and over: the database stays small, and only the log grows.
const ROWS: u64 = 32;

fn all() -> LogBounds {
    let real = LogBounds::default();
    LogBounds {
        passive_bytes: real.passive_bytes / SCALE,
        truncate_bytes: real.truncate_bytes / SCALE,
        truncate_ms_max: real.truncate_ms_max,
        close_ms_max: real.close_ms_max,
        retry_bytes: real.retry_bytes / SCALE,
        interrupt_bytes: real.interrupt_bytes / SCALE,
    }
}

fn passive_alone() -> LogBounds {
    LogBounds {
        truncate_bytes: NEVER,
        ..all()
    }
}

/// It tries to empty the log from time to time, which a reader without end makes vain.
fn without_interrupts() -> LogBounds {
    LogBounds {
        interrupt_bytes: NEVER,
        retry_bytes: STEADY_BYTES_MAX,
        ..all()
    }
}

fn interrupts_alone() -> LogBounds {
    LogBounds {
        passive_bytes: NEVER,
        truncate_bytes: all().interrupt_bytes,
        ..all()
    }
}

fn nothing() -> LogBounds {
    LogBounds {
        passive_bytes: NEVER,
        ..passive_alone()
    }
}

/// A writer that commits and checkpoints as the store's own thread does.
struct Load {
    folder: TempDir,
    conn: Connection,
    checkpoints: Checkpoints,
    traffic: Arc<Traffic>,
    commits: u64,
    longest: u64,
}

impl Load {
    fn new(bounds: LogBounds) -> Self {
        let folder = folder_in_memory();
        let path = folder.path().join(connect::DATABASE_FILE);
        connect::create_private(folder.path(), &path).expect("a file");
        let mut conn = connect::open_writer(&path).expect("a database");
        let table = "CREATE TABLE load (n INTEGER PRIMARY KEY, content BLOB NOT NULL)";
        conn.execute(table, []).expect("a table");
        let kept = conn.pragma_update(None, "journal_size_limit", STEADY_BYTES_MAX);
        kept.expect("a limit");
        let traffic = Arc::<Traffic>::default();
        let watched = Arc::clone(&traffic);
        let checkpoints = Checkpoints::new(&mut conn, &path, watched, bounds).expect("a hook");
        Self {
            folder,
            conn,
            checkpoints,
            traffic,
            commits: 0,
            longest: 0,
        }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(connect::DATABASE_FILE)
    }

    fn reader(&self) -> Connection {
        connect::open_reader(&self.database()).expect("a reader")
    }

    fn log_bytes(&self) -> u64 {
        let log = self.folder.path().join("hookloom.db-wal");
        fs::metadata(log).expect("the log is there").len()
    }

    fn commit(&mut self) {
        let sql = "INSERT OR REPLACE INTO load VALUES (?1, randomblob(?2))";
        let row = (self.commits % ROWS, ROW_BYTES);
        self.conn.execute(sql, row).expect("it is written");
        self.commits += 1;
        self.checkpoints.after_batch(&self.conn);
        self.longest = self.longest.max(self.log_bytes());
    }

    /// Commits until this much was written, or the log has passed a bound.
    fn write(&mut self, bytes: u64, bound: u64) {
        for _ in 0..bytes / u64::from(ROW_BYTES) {
            if self.longest > bound {
                return;
            }
            self.commit();
        }
    }

    /// A read that would take for ever, begun.
    async fn endless_read(&self, read_ms_max: u64) -> JoinHandle<Result<i64, Error>> {
        let traffic = Arc::clone(&self.traffic);
        let readers = Readers::new(vec![self.reader()], traffic, read_ms_max);
        let readers = Arc::new(readers.expect("a reader"));
        let (began, begins) = tokio::sync::oneshot::channel();
        let read = tokio::spawn(async move {
            let read = readers.read(move |conn| {
                conn.query_row("SELECT COUNT(*) FROM load", [], |_| Ok(()))?;
                let _ = began.send(());
                let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                    SELECT COUNT(*) FROM n";
                Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            });
            read.await
        });
        begins.await.expect("it begins");
        read
    }
}

fn begin(conn: &Connection) {
    let begun = conn.execute_batch("BEGIN; SELECT COUNT(*) FROM load");
    begun.expect("a snapshot");
}

fn end(conn: &Connection) {
    conn.execute_batch("COMMIT").expect("it ends");
}

/// A reader that is slow, and gone for a while in between.
fn with_a_reader_that_pauses(bounds: LogBounds) -> u64 {
    let mut load = Load::new(bounds);
    let reader = load.reader();
    // Long enough for a checkpoint in each pause.
    let commits = 2 * all().passive_bytes / u64::from(ROW_BYTES);
    while load.commits < 4 * STEADY_BYTES_MAX / u64::from(ROW_BYTES) {
        begin(&reader);
        (0..commits / 3).for_each(|_| load.commit());
        end(&reader);
        (0..commits).for_each(|_| load.commit());
    }
    load.longest
}

#[test]
fn under_load_with_a_slow_reader_the_log_keeps_to_its_steady_bound() {
    let longest = with_a_reader_that_pauses(all());
    assert!(longest <= STEADY_BYTES_MAX, "{longest}");
}

#[test]
fn passive_checkpoints_alone_hold_the_log_where_readers_pause_and_nothing_does_not() {
    let longest = with_a_reader_that_pauses(passive_alone());
    assert!(longest <= STEADY_BYTES_MAX, "{longest}");
    let longest = with_a_reader_that_pauses(nothing());
    assert!(longest > STEADY_BYTES_MAX, "nothing was noticed: {longest}");
}

/// What a read does when it comes while the log is to be emptied.
#[derive(Clone, Copy, PartialEq)]
enum Manners {
    /// What our readers do.
    Waits,
    /// Begins all the same.
    PushesIn,
    /// Begins, and whoever empties the log does not know of it.
    Unseen,
}

/// Commits that a read lives at least.
const COMMITS_PER_READ: u64 = 4;

/// Reads of which none ends before the next one has begun, as far as that one may begin. No time is in it: each read sees
/// some commits. Returns how long the log was, and how often no read was under way.
fn with_reads_that_overlap(manners: Manners) -> (u64, u64) {
    let mut load = Load::new(all());
    let traffic = Arc::clone(&load.traffic);
    let conns = [load.reader(), load.reader()];
    let mut reading = None;
    let mut pauses = 0;
    for turn in 0_usize.. {
        let may_begin = manners != Manners::Waits || traffic.closed_for().is_none();
        let next = may_begin.then(|| {
            let under_way = (manners != Manners::Unseen).then(|| traffic.enter(Duration::ZERO));
            begin(&conns[turn % 2]);
            (&conns[turn % 2], under_way)
        });
        if let Some((before, under_way)) = std::mem::replace(&mut reading, next) {
            end(before);
            drop(under_way);
        }
        pauses += u64::from(reading.is_none());
        (0..COMMITS_PER_READ).for_each(|_| load.commit());
        let is_enough = load.commits >= 4 * STEADY_BYTES_MAX / u64::from(ROW_BYTES);
        if is_enough || load.longest > STEADY_BYTES_MAX {
            break;
        }
    }
    (load.longest, pauses)
}

#[test]
fn reads_that_overlap_without_a_pause_wait_a_moment_and_the_log_keeps_to_its_steady_bound() {
    let (longest, pauses) = with_reads_that_overlap(Manners::Waits);
    assert!(longest <= STEADY_BYTES_MAX, "{longest}");
    // Of the 64 reads.
    assert!(
        (1..=16).contains(&pauses),
        "no more than it takes: {pauses}"
    );
    for manners in [Manners::PushesIn, Manners::Unseen] {
        let (longest, pauses) = with_reads_that_overlap(manners);
        assert_eq!(pauses, 0);
        assert!(longest > STEADY_BYTES_MAX, "nothing was noticed: {longest}");
    }
}

/// While the log cannot be emptied, because a read does not end, the others wait no longer than they may.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_waits_for_the_log_no_longer_than_its_bound() {
    let mut load = Load::new(without_interrupts());
    let endless = load.endless_read(HOUR_MS).await;
    let readers = Readers::new(vec![load.reader()], Arc::clone(&load.traffic), HOUR_MS);
    let readers = Arc::new(readers.expect("a reader"));
    while load.traffic.closed_for().is_none() {
        load.commit();
    }
    let began = Instant::now();
    let read = readers.read(|conn| Ok(conn.query_row("SELECT 7", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(read.await.expect("it is read"), 7);
    let waited = began.elapsed();
    assert!(
        waited >= Duration::from_millis(READ_WAIT_MS_MAX / 2),
        "{waited:?}"
    );
    assert!(
        waited < Duration::from_millis(READ_WAIT_MS_MAX * 10),
        "{waited:?}"
    );
    // The writer lets everybody in as soon as it looks again.
    load.commit();
    assert!(load.traffic.closed_for().is_none());
    let began = Instant::now();
    drop(load.traffic.enter(Duration::from_secs(60)));
    assert!(began.elapsed() < Duration::from_secs(30));
    load.traffic.interrupt_all();
    assert!(endless.await.expect("no panic").is_err(), "it was ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupts_alone_hold_the_log_against_a_read_without_end() {
    for (bounds, is_held) in [(interrupts_alone(), true), (without_interrupts(), false)] {
        let mut load = Load::new(bounds);
        let read = load.endless_read(HOUR_MS).await;
        load.write(2 * WORST_BYTES_MAX, WORST_BYTES_MAX);
        let longest = load.longest;
        assert_eq!(longest <= WORST_BYTES_MAX, is_held, "{longest}");
        load.traffic.interrupt_all();
        let read = read.await.expect("no panic");
        assert!(matches!(read, Err(Error::ReadTooLong { .. })), "{read:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_a_read_alone_ends_it_and_the_log_is_emptied() {
    let mut load = Load::new(without_interrupts());
    let read = load.endless_read(1_500).await;
    load.write(2 * STEADY_BYTES_MAX, STEADY_BYTES_MAX);
    assert!(load.longest > STEADY_BYTES_MAX, "it was in the way");
    let read = read.await.expect("no panic");
    assert!(matches!(read, Err(Error::ReadTooLong { .. })), "{read:?}");
    load.write(2 * STEADY_BYTES_MAX, NEVER);
    let left = load.log_bytes();
    assert!(left <= STEADY_BYTES_MAX, "{left}");
}
