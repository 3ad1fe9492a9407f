//! Counts what happened per minute, behind the writer: nothing that is accepted waits for it or pays for it.
//!
//! Jobs are followed by their ids, which they get in the order of their commits; a job that has not ended is remembered
//! and looked at again. Requests that began no job can be written late, in a minute that was counted: every such commit
//! names its minute in memory, and that minute is counted anew. A start counts the last hour anew, because what was
//! named may have been lost with the process.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hookloom_model::{JobStatus, TriggerKind, Verdict};
use rusqlite::{Connection, Row};

use crate::error::Error;
use crate::store::Store;
use crate::table::rollup::{
    self, JobCounts, MINUTE_MS, Progress, RequestCounts, RollupKey, RollupRow, minute_of,
};
use crate::table::{columns, rejection_counts, requests};
use crate::tx::Tx;

/// Jobs that one piece looks at.
const JOBS_AT_ONCE: u32 = 5_000;
/// Minutes that one piece counts anew.
const MINUTES_AT_ONCE: usize = 60;
/// What a start counts anew before the time of the last count.
const COUNTED_ANEW_MS: i64 = 60 * MINUTE_MS;
/// Minutes are kept this long at most.
pub const ROLLUP_KEPT_MS: i64 = 8 * 24 * 60 * MINUTE_MS;
/// Rows that one piece deletes.
const ROWS_AT_ONCE: u32 = 500;

/// What of the counting is in memory: which minutes are to be counted anew.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    /// Whether the minutes before this process were looked at.
    has_begun: bool,
}

/// What one piece found.
#[derive(Default)]
struct Found {
    jobs: BTreeMap<RollupKey, (u64, JobCounts)>,
    last: HashMap<(i64, String), i64>,
    opened: Vec<i64>,
    closed: Vec<i64>,
    /// Ranges of minutes, and what there is in them.
    others: Vec<(i64, i64, BTreeMap<RollupKey, RequestCounts>)>,
    jobs_after: i64,
    is_full: bool,
}

impl Store {
    /// Counts a piece of what was committed since the last time. Gives whether there is more.
    pub async fn roll_up(&self, now_ms: i64) -> Result<bool, Error> {
        let mut counting = self.counting().lock().await;
        let uncounted = &self.writer().shared().uncounted;
        let named = take_some(&mut uncounted.lock());
        let is_first = !counting.has_begun;
        let minutes = named.clone();
        let (progress, found) = self
            .read(move |conn| {
                let progress = rollup::progress(conn)?;
                let found = look(conn, progress, is_first, &minutes)?;
                Ok((progress, found))
            })
            .await
            .inspect_err(|_| uncounted.lock().extend(&named))?;
        let is_full = found.is_full || !uncounted.lock().is_empty();
        if !found.is_empty(progress) {
            let next = Progress {
                jobs_after: found.jobs_after,
                at_ms: now_ms,
            };
            let written = self.write("count what happened", move |tx| {
                keep(tx, &found, now_ms - ROLLUP_KEPT_MS)?;
                rollup::set_progress(tx, next)
            });
            written
                .await
                .inspect_err(|_| uncounted.lock().extend(&named))?;
        }
        counting.has_begun = true;
        Ok(is_full)
    }

    /// Counts until nothing is left to count.
    pub async fn roll_up_all(&self, now_ms: i64) -> Result<(), Error> {
        while self.roll_up(now_ms).await? {}
        Ok(())
    }

    /// Forgets what was counted, so that it is counted again from the tables.
    pub async fn forget_rollup(&self) -> Result<(), Error> {
        let mut counting = self.counting().lock().await;
        self.write("forget what was counted", |tx| rollup::clear(tx))
            .await?;
        counting.has_begun = false;
        Ok(())
    }

    /// What happened from one minute to another, as far as it was counted; of one flow, or of all.
    pub async fn rollup(
        &self,
        from_ms: i64,
        until_ms: i64,
        flow_id: Option<i64>,
    ) -> Result<Vec<RollupRow>, Error> {
        self.read(move |conn| {
            let mut rows = rollup::between(conn, from_ms, until_ms, flow_id)?;
            // Rejected requests beyond those that are kept are a number already.
            let counted = rejection_counts::between(conn, from_ms, until_ms)?;
            for more in counted {
                let is_wanted = flow_id.is_none_or(|id| id == more.flow_id.0);
                if is_wanted {
                    add_rejected(
                        &mut rows,
                        more.minute_at_ms,
                        more.flow_id.0,
                        more.endpoint,
                        more.count,
                    );
                }
            }
            Ok(rows)
        })
        .await
    }

    /// When each endpoint got its last request: flow, endpoint, Unix milliseconds.
    pub async fn last_requests(&self) -> Result<Vec<(i64, String, i64)>, Error> {
        self.read(rollup::last).await
    }

    /// Deletes a piece of the minutes that began before. Gives whether there is more.
    pub async fn sweep_rollup(&self, before_ms: i64) -> Result<bool, Error> {
        self.write("delete old counts", move |tx| {
            Ok(rollup::delete_before(tx, before_ms, ROWS_AT_ONCE)? == ROWS_AT_ONCE as usize)
        })
        .await
    }
}

impl Found {
    fn is_empty(&self, before: Progress) -> bool {
        self.jobs.is_empty()
            && self.closed.is_empty()
            && self.others.is_empty()
            && self.jobs_after == before.jobs_after
    }

    fn at(&mut self, job: &SeenJob, at_ms: i64) -> &mut (u64, JobCounts) {
        let endpoint = match job.trigger {
            TriggerKind::Endpoint => job.trigger_name.clone(),
            _ => String::new(),
        };
        let key = RollupKey {
            minute_at_ms: minute_of(at_ms),
            flow_id: job.flow_id,
            endpoint,
        };
        self.jobs.entry(key).or_default()
    }

    fn began(&mut self, job: &SeenJob) {
        if job.trigger == TriggerKind::Endpoint {
            self.at(job, job.queued_at_ms).0 += 1;
            let last = self.last.entry((job.flow_id, job.trigger_name.clone()));
            let last = last.or_insert(job.queued_at_ms);
            *last = job.queued_at_ms.max(*last);
        }
    }

    /// Whether it has ended.
    fn ended(&mut self, job: &SeenJob) -> bool {
        let Some(ended_at_ms) = job.ended_at_ms else {
            return false;
        };
        let started_at_ms = job.started_at_ms;
        let (_, counts) = self.at(job, ended_at_ms);
        match job.status {
            JobStatus::Complete => counts.complete += 1,
            JobStatus::Failed => counts.failed += 1,
            JobStatus::Canceled => counts.canceled += 1,
            JobStatus::TimedOut => counts.timed_out += 1,
            JobStatus::Queued | JobStatus::Running | JobStatus::Waiting => return false,
        }
        if let Some(started_at_ms) = started_at_ms {
            counts.durations.add(ended_at_ms - started_at_ms);
        }
        true
    }
}

/// The oldest of the minutes that wait.
fn take_some(waiting: &mut BTreeSet<i64>) -> BTreeSet<i64> {
    match waiting.iter().nth(MINUTES_AT_ONCE).copied() {
        None => std::mem::take(waiting),
        Some(first_left) => {
            let left = waiting.split_off(&first_left);
            std::mem::replace(waiting, left)
        }
    }
}

/// A job as it is counted.
struct SeenJob {
    id: i64,
    flow_id: i64,
    trigger: TriggerKind,
    trigger_name: String,
    status: JobStatus,
    queued_at_ms: i64,
    started_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
    /// Of a draft: it says nothing of how things go.
    is_trial: bool,
}

const SEEN: &str = "j.id, j.flow_id, j.trigger, j.trigger_name, j.status, j.queued_at_ms,
    j.started_at_ms, j.ended_at_ms, j.version < 0";

fn seen(row: &Row<'_>) -> rusqlite::Result<SeenJob> {
    Ok(SeenJob {
        id: row.get(0)?,
        flow_id: row.get(1)?,
        trigger: columns::name(row, 2)?,
        trigger_name: row.get(3)?,
        status: columns::name(row, 4)?,
        queued_at_ms: row.get(5)?,
        started_at_ms: row.get(6)?,
        ended_at_ms: row.get(7)?,
        is_trial: row.get(8)?,
    })
}

fn look(
    conn: &Connection,
    progress: Progress,
    is_first: bool,
    minutes: &BTreeSet<i64>,
) -> Result<Found, Error> {
    let mut found = Found {
        jobs_after: progress.jobs_after,
        ..Found::default()
    };
    let mut ended = conn.prepare_cached(&format!(
        "SELECT {SEEN} FROM rollup_open AS o JOIN jobs AS j ON j.id = o.job_id
         WHERE j.ended_at_ms IS NOT NULL LIMIT ?1"
    ))?;
    for job in ended.query_map([JOBS_AT_ONCE], seen)? {
        let job = job?;
        if found.ended(&job) {
            found.closed.push(job.id);
        }
    }
    let mut new = conn.prepare_cached(&format!(
        "SELECT {SEEN} FROM jobs AS j WHERE j.id > ?1 ORDER BY j.id LIMIT ?2"
    ))?;
    let mut count = 0;
    for job in new.query_map((progress.jobs_after, JOBS_AT_ONCE), seen)? {
        let job = job?;
        found.jobs_after = job.id;
        count += 1;
        if job.is_trial {
            continue;
        }
        found.began(&job);
        if !found.ended(&job) {
            found.opened.push(job.id);
        }
    }
    if is_first {
        let mut gone = conn.prepare_cached(
            "SELECT job_id FROM rollup_open WHERE job_id NOT IN (SELECT id FROM jobs)",
        )?;
        for id in gone.query_map([], |row| row.get(0))? {
            found.closed.push(id?);
        }
    }
    found.is_full = count == JOBS_AT_ONCE || found.closed.len() == JOBS_AT_ONCE as usize;
    if is_first {
        let from_ms = minute_of((progress.at_ms - COUNTED_ANEW_MS).max(0));
        found.count_others(conn, from_ms, i64::MAX)?;
    } else {
        for minute in minutes {
            found.count_others(conn, *minute, minute + MINUTE_MS)?;
        }
    }
    Ok(found)
}

impl Found {
    fn count_others(
        &mut self,
        conn: &Connection,
        from_ms: i64,
        until_ms: i64,
    ) -> Result<(), Error> {
        let mut counts: BTreeMap<RollupKey, RequestCounts> = BTreeMap::new();
        for group in requests::others_between(conn, from_ms, until_ms)? {
            let last = self.last.entry((group.flow_id, group.endpoint.clone()));
            let last = last.or_insert(group.last_at_ms);
            *last = group.last_at_ms.max(*last);
            let key = RollupKey {
                minute_at_ms: group.minute_at_ms,
                flow_id: group.flow_id,
                endpoint: group.endpoint,
            };
            let of_key = counts.entry(key).or_default();
            match group.verdict {
                Verdict::Accepted => {}
                Verdict::Rejected => of_key.rejected += group.count,
                Verdict::Duplicate => of_key.duplicate += group.count,
                Verdict::Held => of_key.held += group.count,
            }
        }
        self.others.push((from_ms, until_ms, counts));
        Ok(())
    }
}

fn keep(tx: &Tx<'_>, found: &Found, oldest_ms: i64) -> Result<(), Error> {
    for (key, (accepted, jobs)) in &found.jobs {
        if key.minute_at_ms >= oldest_ms {
            rollup::add(tx, key, *accepted, jobs)?;
        }
    }
    for (from_ms, until_ms, counts) in &found.others {
        rollup::forget_others(tx, *from_ms, *until_ms)?;
        for (key, counts) in counts {
            if key.minute_at_ms >= oldest_ms {
                rollup::set_others(tx, key, *counts)?;
            }
        }
    }
    for ((flow_id, endpoint), at_ms) in &found.last {
        rollup::set_last(tx, *flow_id, endpoint, *at_ms)?;
    }
    for id in &found.opened {
        rollup::open_job(tx, *id)?;
    }
    for id in &found.closed {
        rollup::close_job(tx, *id)?;
    }
    rollup::delete_before(tx, oldest_ms, ROWS_AT_ONCE)?;
    Ok(())
}

fn add_rejected(
    rows: &mut Vec<RollupRow>,
    minute_at_ms: i64,
    flow_id: i64,
    endpoint: String,
    count: i64,
) {
    let key = RollupKey {
        minute_at_ms,
        flow_id,
        endpoint,
    };
    let count = count.unsigned_abs();
    match rows.binary_search_by(|row| row.key.cmp(&key)) {
        Ok(at) => rows[at].requests.rejected += count,
        Err(at) => rows.insert(
            at,
            RollupRow {
                key,
                requests: RequestCounts {
                    rejected: count,
                    ..RequestCounts::default()
                },
                jobs: JobCounts::default(),
            },
        ),
    }
}
