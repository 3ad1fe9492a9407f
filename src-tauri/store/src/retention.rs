//! How long the history is kept, and how much of it: what is older or too much is deleted, the oldest first, in pieces
//! that hold the writer up for a few milliseconds each.
//!
//! What has not ended stays, however old it is: jobs under way, and jobs with deliveries that still wait. Looks at no
//! clock: the caller says what is old.

use std::time::{Duration, Instant};

use hookloom_model::{FileId, JobId, RequestId};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::{
    blobs, deliveries, delivery_attempts, files as file_rows, flow_versions, jobs, journal,
    rejection_counts, requests, secret_states, settings,
};
use crate::tx::Tx;

/// Jobs that one piece looks at.
const JOBS_AT_ONCE: u32 = 50;
/// No piece begins another job after this long.
const PIECE_MAX: Duration = Duration::from_millis(20);
/// Requests that one piece looks at.
const REQUESTS_AT_ONCE: u32 = 100;
/// Versions of drafts that were only tried that one piece deletes.
const TRIALS_AT_ONCE: u32 = 20;
/// Counts of rejections that one piece deletes.
const COUNTS_AT_ONCE: u32 = 500;
/// Pages that one piece gives back to the disk.
const PAGES_AT_ONCE: u32 = 256;
/// Free pages are kept for what comes next, up to this share of the file.
const FREE_SHARE_KEPT: u64 = 4;

/// The setting's name.
const SETTING: &str = "retention";

/// How long the history is kept, and how much of it. None is without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// What ended longer ago is deleted.
    pub days: Option<u32>,
    /// Beyond this the oldest is deleted.
    pub bytes_max: Option<u64>,
}

impl Default for Retention {
    /// 30 days and 5 GB.
    fn default() -> Self {
        Self {
            days: Some(30),
            bytes_max: Some(5_000_000_000),
        }
    }
}

/// What the history takes on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageUsed {
    /// Of the database, in use.
    pub database_bytes: u64,
    /// Of the database's file, free for what comes next.
    pub free_bytes: u64,
    /// Of files that came with requests.
    pub files_bytes: u64,
    /// When the oldest request or job came, Unix milliseconds.
    pub oldest_at_ms: Option<i64>,
}

/// How far a sweep came; it goes on from there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sweep {
    after_job: i64,
    after_request: i64,
    /// Jobs and requests that were deleted so far.
    pub deleted: u64,
    /// Whether nothing is left to look at.
    pub done: bool,
}

/// What counts as old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    /// It ended up to then: what a person would call so old.
    EndedBy(i64),
    /// It came up to then, and has ended since: what has to go first when there is too much.
    CameBy(i64),
}

impl Old {
    fn until_ms(self) -> i64 {
        match self {
            Self::EndedBy(at_ms) | Self::CameBy(at_ms) => at_ms,
        }
    }

    fn has_ended(self, ended_at_ms: Option<i64>) -> bool {
        match self {
            Self::EndedBy(until_ms) => ended_at_ms.is_some_and(|at_ms| at_ms <= until_ms),
            Self::CameBy(_) => ended_at_ms.is_some(),
        }
    }
}

/// The oldest pieces of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oldest {
    /// When the last of them came, Unix milliseconds.
    pub until_ms: i64,
    /// Whether there is nothing beyond them.
    pub is_all: bool,
}

impl Store {
    /// What was set, or the default.
    pub async fn retention(&self) -> Result<Retention, Error> {
        self.read(|conn| match settings::get(conn, SETTING)? {
            None => Ok(Retention::default()),
            Some(text) => serde_json::from_str(&text).map_err(|error| Error::Internal {
                what: format!("the setting `{SETTING}` cannot be read: {error}"),
            }),
        })
        .await
    }

    /// Takes effect with the next sweep.
    pub async fn set_retention(&self, retention: Retention) -> Result<(), Error> {
        let text = serde_json::to_string(&retention).map_err(|error| Error::Internal {
            what: format!("the setting `{SETTING}` cannot be written: {error}"),
        })?;
        self.write("set the retention", move |tx| {
            settings::set(tx, SETTING, &text)
        })
        .await
    }

    /// What the history takes on the disk.
    pub async fn storage_used(&self) -> Result<StorageUsed, Error> {
        self.read(used).await
    }

    /// Up to when to sweep so that so many pieces of the oldest go, as far as they have ended: for a caller that frees room
    /// piece by piece. None if there is nothing.
    pub async fn oldest_to_free(&self, pieces: u32) -> Result<Option<Oldest>, Error> {
        self.read(move |conn| {
            let (jobs_max, requests_max) = (
                JOBS_AT_ONCE.saturating_mul(pieces),
                REQUESTS_AT_ONCE.saturating_mul(pieces),
            );
            let (job, jobs) = jobs::first(conn, jobs_max)?;
            let (request, requests) = requests::first(conn, requests_max)?;
            let is_all = jobs < jobs_max && requests < requests_max;
            let until_ms = match (job, request) {
                (Some(job), Some(request)) if is_all => Some(job.max(request)),
                (Some(job), Some(request)) => Some(job.min(request)),
                (job, request) => job.or(request),
            };
            Ok(until_ms.map(|until_ms| Oldest { until_ms, is_all }))
        })
        .await
    }

    /// Deletes a piece of what is old and has ended. The next piece goes on where this one stopped.
    pub async fn sweep_history(&self, sweep: Sweep, old: Old) -> Result<Sweep, Error> {
        let (sweep, files) = self
            .write("delete old history", move |tx| piece(tx, sweep, old))
            .await?;
        self.unlink_files(&files);
        Ok(sweep)
    }

    /// Gives a piece of the file back to the disk, if much of it is free. Gives whether there is more.
    pub async fn shrink_database(&self) -> Result<bool, Error> {
        self.write("shrink the database", |tx| {
            let pages = Pages::read(tx)?;
            if pages.free * FREE_SHARE_KEPT <= pages.all {
                return Ok(false);
            }
            let mut give_back =
                tx.prepare_cached(&format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})"))?;
            let mut rows = give_back.query([])?;
            while rows.next()?.is_some() {}
            drop(rows);
            // A file that was made without room for this stays as it is.
            Ok(Pages::read(tx)?.free < pages.free)
        })
        .await
    }
}

struct Pages {
    all: u64,
    free: u64,
    bytes: u64,
}

impl Pages {
    fn read(conn: &Connection) -> Result<Self, Error> {
        let number = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
        Ok(Self {
            all: number("page_count")?,
            free: number("freelist_count")?,
            bytes: number("page_size")?,
        })
    }
}

fn used(conn: &Connection) -> Result<StorageUsed, Error> {
    let pages = Pages::read(conn)?;
    let oldest = [jobs::first(conn, 1)?.0, requests::first(conn, 1)?.0];
    Ok(StorageUsed {
        database_bytes: (pages.all - pages.free) * pages.bytes,
        free_bytes: pages.free * pages.bytes,
        files_bytes: file_rows::bytes_in_all(conn)?,
        oldest_at_ms: oldest.into_iter().flatten().min(),
    })
}

fn piece(tx: &Tx<'_>, from: Sweep, old: Old) -> Result<(Sweep, Vec<FileId>), Error> {
    let until_ms = old.until_ms();
    let mut sweep = from;
    let mut files = Vec::new();
    let aged = jobs::oldest(tx, from.after_job, until_ms, JOBS_AT_ONCE)?;
    let mut jobs_done = aged.len() < JOBS_AT_ONCE as usize;
    let begun = Instant::now();
    for job in aged {
        // Jobs with large values take long: whoever waits for the writer goes first.
        if begun.elapsed() > PIECE_MAX {
            jobs_done = false;
            break;
        }
        sweep.after_job = job.id.0;
        if old.has_ended(job.ended_at_ms) && !deliveries::is_open(tx, job.id)? {
            delete_job(tx, job.id, job.request_id)?;
            sweep.deleted += 1;
        }
    }
    // Requests after their jobs: one that a job still needs, its own or one that replays it, stays with that.
    let mut requests_done = false;
    if jobs_done {
        let aged = requests::oldest(tx, from.after_request, until_ms, REQUESTS_AT_ONCE)?;
        requests_done = aged.len() < REQUESTS_AT_ONCE as usize;
        for request in aged {
            sweep.after_request = request.n;
            let is_begun = match request.job_id {
                Some(job_id) => jobs::exists(tx, job_id)?,
                None => false,
            };
            if !is_begun && !jobs::runs_again(tx, request.id)? {
                files.extend(delete_request(tx, request.n, request.id)?);
                sweep.deleted += 1;
            }
        }
    }
    // Versions after their jobs, too.
    let trials_done = jobs_done
        && flow_versions::delete_trials_before(tx, until_ms, TRIALS_AT_ONCE)?
            < TRIALS_AT_ONCE as usize;
    let counts_done =
        rejection_counts::delete_before(tx, until_ms, COUNTS_AT_ONCE)? < COUNTS_AT_ONCE as usize;
    sweep.done = jobs_done && requests_done && trials_done && counts_done;
    Ok((sweep, files))
}

fn delete_job(tx: &Tx<'_>, id: JobId, request_id: RequestId) -> Result<(), Error> {
    journal::delete(tx, id)?;
    blobs::delete_below(tx, &id.to_string())?;
    blobs::delete_below(tx, &request_id.to_string())?;
    secret_states::delete(tx, id)?;
    delivery_attempts::delete_of_job(tx, id)?;
    let gone = deliveries::delete_of_job(tx, id)?;
    jobs::delete(tx, id)?;
    tx.count(|counts| {
        counts.jobs -= 1;
        counts.deliveries -= gone.all;
        counts.deliveries_failed -= gone.failed;
    });
    tx.changed([Tag::Jobs, Tag::Job(id), Tag::Deliveries]);
    Ok(())
}

/// Gives the files that belong to nobody then.
fn delete_request(tx: &Tx<'_>, n: i64, id: RequestId) -> Result<Vec<FileId>, Error> {
    blobs::delete(tx, &id.to_string())?;
    let files = file_rows::delete_of_request(tx, id)?;
    requests::delete(tx, n)?;
    tx.count(|counts| counts.requests -= 1);
    tx.changed([Tag::Requests, Tag::Request(id)]);
    Ok(files)
}
