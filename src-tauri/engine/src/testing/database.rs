//! The journal and the inbox in memory. What a commit did survives the life that made it, as on a disk.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::journal::{Event, JournalEntry, RecordedError};
use hookloom_model::request::{RequestRecord, StoredRequest};
use hookloom_model::{DeliveryId, FlowId, JobId, JobStatus, RequestId, TaskId};
use parking_lot::Mutex;
use serde_json::{Map, Value};

use super::http::SeenRequest;
use super::life::{Fate, Life, Point};
use super::outbox::StoredDelivery;
use super::schedules::StoredSchedules;
use crate::ports::{
    Accepted, Arrival, Commit, Inbox, InboxError, Journal, JournalError, SecretStateChange,
    StoredJob,
};

/// What is on the disk, shared by all lives.
#[derive(Default)]
pub struct Disk {
    pub(super) tables: Mutex<Tables>,
}

#[derive(Default)]
pub(super) struct Tables {
    pub flows: HashMap<(FlowId, i64), Arc<str>>,
    pub jobs: BTreeMap<JobId, JobRow>,
    pub blobs: HashMap<String, Vec<u8>>,
    pub requests: HashMap<RequestId, StoredRequest>,
    pub variables: Map<String, Value>,
    pub deliveries: BTreeMap<DeliveryId, StoredDelivery>,
    pub task_ids: HashMap<(FlowId, String), TaskId>,
    pub disabled_tasks: Vec<TaskId>,
    pub schedules: StoredSchedules,
    pub commits: u64,
    /// Entries whose commit was answered, in order.
    pub answered: Vec<Answered>,
    /// How many of the newest commits a crash loses although they were answered: the control of the harness.
    pub loses: usize,
    pub before_commits: Vec<(JobId, JobRow)>,
    /// What was written, in order, if somebody wants to write it elsewhere again.
    pub kept: Option<Vec<Written>>,
}

/// Something that was written.
#[derive(Debug, Clone)]
pub enum Written {
    /// It began a job.
    Arrival(Box<Arrival>),
    /// It went on with one.
    Commit(Commit),
}

/// An entry whose commit was answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Whose entry.
    pub job_id: JobId,
    /// What was committed.
    pub entry: JournalEntry,
    /// How many requests had reached a receiver by then.
    pub seen_before: usize,
}

/// A job on the disk.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// What the journal gives back.
    pub stored: StoredJob,
    /// The projection.
    pub status: JobStatus,
}

impl Disk {
    /// Publishes a version of a flow.
    pub fn publish(&self, flow_id: FlowId, version: i64, document: &Value) {
        let text: Arc<str> = document.to_string().into();
        self.tables.lock().flows.insert((flow_id, version), text);
    }

    /// Writes a job whose acceptance nobody hears of.
    pub fn begin_unheard(&self, arrival: Arrival) {
        begin(&mut self.tables.lock(), arrival);
    }

    /// Keeps everything that is written from now on.
    pub fn keep_writes(&self) {
        self.tables.lock().kept = Some(Vec::new());
    }

    /// What was written since then.
    pub fn writes(&self) -> Vec<Written> {
        self.tables.lock().kept.clone().unwrap_or_default()
    }

    /// Forgets every version.
    pub fn unpublish(&self) {
        self.tables.lock().flows.clear();
    }

    /// Sets a variable of the workspace.
    pub fn set_variable(&self, name: &str, value: Value) {
        self.tables.lock().variables.insert(name.to_owned(), value);
    }

    /// A job.
    pub fn job(&self, id: JobId) -> Option<JobRow> {
        self.tables.lock().jobs.get(&id).cloned()
    }

    /// Every job, oldest first.
    pub fn jobs(&self) -> Vec<JobRow> {
        self.tables.lock().jobs.values().cloned().collect()
    }

    /// Whether every job has ended and nothing is left to deliver.
    pub fn is_at_rest(&self) -> bool {
        let tables = self.tables.lock();
        let is_over = |delivery: &StoredDelivery| delivery.row.status.is_final();
        tables.jobs.values().all(|job| job.status.is_final())
            && tables.deliveries.values().all(is_over)
    }

    /// Whether an attempt with this execution has begun.
    pub fn has_started(&self, execution: &str) -> bool {
        let tables = self.tables.lock();
        let mut entries = tables.jobs.values().flat_map(|job| &job.stored.entries);
        entries.any(|entry| matches!(&entry.event, Event::StepStarted { execution: known, .. } if known.to_string() == execution))
    }

    /// Entries whose commit was answered, in order; no crash takes them away.
    pub fn answered(&self) -> Vec<Answered> {
        self.tables.lock().answered.clone()
    }

    /// How many commits were made to journals.
    pub fn commits(&self) -> u64 {
        self.tables.lock().commits
    }

    /// Makes a disk that loses the newest commits in a crash, although they were answered. A harness that does not
    /// notice is none.
    pub fn lose_answered_commits(&self, count: usize) {
        self.tables.lock().loses = count;
    }

    /// What a crash does to the disk: nothing, unless it is one that loses.
    pub fn crash(&self) {
        let mut tables = self.tables.lock();
        let keep = tables.before_commits.len().saturating_sub(tables.loses);
        let lost = tables.before_commits.split_off(keep);
        for (id, before) in lost.into_iter().rev() {
            tables.jobs.insert(id, before);
        }
        tables.before_commits.clear();
    }
}

/// The ports of one life over a disk.
pub struct MemoryDatabase {
    pub(super) disk: Arc<Disk>,
    pub(super) life: Arc<Life>,
    seen: Arc<Mutex<Vec<SeenRequest>>>,
}

impl MemoryDatabase {
    /// Ports of a life over a disk. `seen` is what reached a receiver: it dates the answers.
    pub fn new(disk: Arc<Disk>, life: Arc<Life>, seen: Arc<Mutex<Vec<SeenRequest>>>) -> Arc<Self> {
        Arc::new(Self { disk, life, seen })
    }

    /// Lets chance decide how a write goes.
    pub(super) async fn write<T>(
        &self,
        points: &[Point],
        write: impl FnOnce(&mut Tables) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let fate = self.life.fate(points).await;
        if matches!(fate, Fate::Unavailable) {
            return Err(JournalError::Unavailable {
                reason: "the test's disk is full".to_owned(),
            });
        }
        let written = write(&mut self.disk.tables.lock())?;
        match fate {
            Fate::CrashAfter => self.life.die().await,
            Fate::FailedAfter => Err(JournalError::Internal("the test's answer was lost".into())),
            Fate::Fine | Fate::Unavailable => Ok(written),
        }
    }

    pub(super) async fn read<T>(
        &self,
        read: impl FnOnce(&Tables) -> Option<T>,
        what: impl FnOnce() -> String,
    ) -> Result<T, JournalError> {
        match self.life.fate(&[]).await {
            Fate::Unavailable => Err(JournalError::Unavailable {
                reason: "the test's disk is busy".to_owned(),
            }),
            Fate::CrashAfter => self.life.die().await,
            Fate::Fine | Fate::FailedAfter => read(&self.disk.tables.lock())
                .ok_or_else(|| JournalError::NotFound { what: what() }),
        }
    }
}

#[async_trait]
impl Journal for MemoryDatabase {
    async fn commit(&self, commit: Commit) -> Result<(), JournalError> {
        let job_id = commit.job_id;
        let entries = commit.entries.clone();
        let points = points(&commit);
        self.write(&points, |tables| append(tables, commit)).await?;
        let seen_before = self.seen.lock().len();
        let answered = entries.into_iter().map(|entry| Answered {
            job_id,
            entry,
            seen_before,
        });
        self.disk.tables.lock().answered.extend(answered);
        Ok(())
    }

    async fn load(&self, job_id: JobId) -> Result<StoredJob, JournalError> {
        let job = |tables: &Tables| tables.jobs.get(&job_id).map(|job| job.stored.clone());
        self.read(job, || format!("job {job_id}")).await
    }

    async fn unfinished(&self, after: JobId, limit: u32) -> Result<Vec<JobId>, JournalError> {
        let ids = |tables: &Tables| {
            let jobs = tables
                .jobs
                .iter()
                .filter(|(id, job)| **id > after && !job.status.is_final());
            Some(jobs.map(|(id, _)| *id).take(limit as usize).collect())
        };
        self.read(ids, String::new).await
    }

    async fn flow_version(&self, flow_id: FlowId, version: i64) -> Result<Arc<str>, JournalError> {
        let text = |tables: &Tables| tables.flows.get(&(flow_id, version)).cloned();
        self.read(text, || format!("version {version} of flow {flow_id}"))
            .await
    }

    async fn variables(&self) -> Result<Map<String, Value>, JournalError> {
        self.read(|tables| Some(tables.variables.clone()), String::new)
            .await
    }

    async fn park(&self, job_id: JobId, _: RecordedError, _: i64) -> Result<(), JournalError> {
        self.write(&[], |tables| {
            let job = tables.jobs.get_mut(&job_id);
            let job = job.ok_or_else(|| JournalError::NotFound {
                what: format!("job {job_id}"),
            })?;
            job.status = JobStatus::Failed;
            job.stored.secret_state = None;
            Ok(())
        })
        .await
    }

    async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError> {
        self.read(
            |tables| tables.requests.get(&id).cloned(),
            || format!("the request {id}"),
        )
        .await
    }

    async fn blob(&self, id: &str) -> Result<Vec<u8>, JournalError> {
        self.read(
            |tables| tables.blobs.get(id).cloned(),
            || format!("the value {id}"),
        )
        .await
    }
}

/// What a commit is, of the points that have names.
fn points(commit: &Commit) -> Vec<Point> {
    let point = |entry: &JournalEntry| match entry.event {
        Event::StepStarted { .. } => Some(Point::Claim),
        Event::StepFinished { .. }
        | Event::StepRetrying { .. }
        | Event::StepWaiting { .. }
        | Event::JobFinished { .. } => Some(Point::Result),
        _ => None,
    };
    commit.entries.iter().filter_map(point).collect()
}

fn append(tables: &mut Tables, commit: Commit) -> Result<(), JournalError> {
    let job_id = commit.job_id;
    let job = tables
        .jobs
        .get_mut(&job_id)
        .ok_or_else(|| JournalError::NotFound {
            what: format!("job {job_id}"),
        })?;
    let found = job.stored.entries.len() as u64;
    let expected = commit.entries.first().map_or(found, |entry| entry.seq);
    if expected != found || job.status.is_final() {
        return Err(JournalError::Conflict {
            job_id,
            expected,
            found,
        });
    }
    let before = job.clone();
    if let Some(kept) = &mut tables.kept {
        kept.push(Written::Commit(commit.clone()));
    }
    job.stored.entries.extend(commit.entries);
    job.status = commit.status;
    match commit.secret_state {
        SecretStateChange::Keep => {}
        SecretStateChange::Replace(sealed) => job.stored.secret_state = Some(sealed),
        SecretStateChange::Delete => job.stored.secret_state = None,
    }
    let (flow_id, version) = (job.stored.flow_id, job.stored.version);
    tables.blobs.extend(commit.blobs);
    for delivery in commit.deliveries {
        let next = TaskId(tables.task_ids.len() as i64 + 1);
        let task_id = *tables
            .task_ids
            .entry((flow_id, delivery.task.clone()))
            .or_insert(next);
        let stored = StoredDelivery::new(delivery, job_id, flow_id, version, task_id);
        tables.deliveries.insert(stored.row.id, stored);
    }
    tables.commits += 1;
    if tables.loses > 0 {
        tables.before_commits.push((job_id, before));
    }
    Ok(())
}

#[async_trait]
impl Inbox for MemoryDatabase {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, InboxError> {
        let accepted = self
            .write(&[Point::Accept], |tables| Ok(begin(tables, arrival)))
            .await;
        accepted.map_err(|error| match error {
            JournalError::Unavailable { reason } => InboxError::Unavailable { reason },
            other => InboxError::Internal(other.into()),
        })
    }

    fn record_rejected(&self, _record: RequestRecord) {}
}

fn begin(tables: &mut Tables, arrival: Arrival) -> Accepted {
    let kept = tables.kept.is_some().then(|| arrival.clone());
    let accepted = begin_job(tables, arrival);
    if let (Accepted::Started { .. }, Some(kept), Some(arrival)) =
        (&accepted, &mut tables.kept, kept)
    {
        kept.push(Written::Arrival(Box::new(arrival)));
    }
    accepted
}

fn begin_job(tables: &mut Tables, arrival: Arrival) -> Accepted {
    let job_id = JobId(tables.jobs.len() as i64 + 1);
    if let Some(record) = arrival.record {
        let request = StoredRequest {
            job_id: arrival.start.is_some().then_some(job_id),
            duplicate_of: None::<RequestId>,
            record,
        };
        tables.requests.insert(request.record.id, request);
    }
    let Some(start) = arrival.start else {
        return Accepted::Held;
    };
    if let Some(due) = &start.origin.schedule
        && !tables.schedules.take(start.flow_id, due)
    {
        return Accepted::Held;
    }
    tables.blobs.extend(start.input_blob);
    tables.blobs.extend(start.origin.blobs.clone());
    for (from, to) in start.origin.copies.clone() {
        let value = tables.blobs.get(&from).cloned();
        tables.blobs.extend(value.map(|value| (to, value)));
    }
    let replays = start.origin.replays().and_then(|replays| replays.request);
    let request = tables.requests.get(&replays.unwrap_or(start.request_id));
    let events = std::iter::once(start.queued).chain(start.origin.taken_over);
    let entries = (0..).zip(events).map(|(seq, event)| JournalEntry {
        seq,
        at_ms: start.at_ms,
        event,
    });
    let stored = StoredJob {
        id: job_id,
        request_id: start.request_id,
        flow_id: start.flow_id,
        version: start.version,
        entries: entries.collect(),
        request: request.cloned(),
        secret_state: start.secret_state,
    };
    let row = JobRow {
        stored,
        status: JobStatus::Queued,
    };
    tables.jobs.insert(job_id, row);
    Accepted::Started { job_id }
}
