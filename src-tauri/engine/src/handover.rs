//! A job that was just committed, on its way to the executor: its id, and what the journal holds of it.
//!
//! What is handed over is never ahead of the disk. A job that is too large to wait in memory goes by its id alone and is
//! read back, like every job after a restart.

use hookloom_model::JobId;
use hookloom_model::journal::JournalEntry;
use hookloom_model::request::StoredRequest;

use crate::ports::{Arrival, StoredJob};

/// A job whose request is longer than this waits by its id alone: thousands of jobs can wait.
const HANDOVER_BYTES_MAX: usize = 8 * 1024;

/// What a record takes in memory beside its body, about.
const RECORD_BYTES: usize = 2 * 1024;

/// A job whose acceptance is committed.
#[derive(Debug, Clone)]
pub struct Handover {
    /// The job.
    pub(crate) job_id: JobId,
    /// What the journal holds of it; none: it is read back.
    pub(crate) job: Option<Box<StoredJob>>,
}

/// What an arrival's job will be on disk, but for the id that it gets there.
#[derive(Debug)]
pub struct Begun(Option<Box<StoredJob>>);

impl Handover {
    /// A job of which only the id is known here.
    pub fn by_id(job_id: JobId) -> Self {
        Self { job_id, job: None }
    }

    /// The job's id.
    pub fn job_id(&self) -> JobId {
        self.job_id
    }

    /// What it takes in memory while it waits, about.
    pub(crate) fn size_bytes(&self) -> usize {
        let Some(job) = &self.job else {
            return 0;
        };
        let record = job.request.as_ref().map(|request| &request.record);
        let body_bytes = record.map_or(0, |record| record.body.len());
        RECORD_BYTES + body_bytes + job.secret_state.as_ref().map_or(0, Vec::len)
    }

    /// What the journal holds of it, unless it goes by its id alone.
    pub fn into_job(self) -> Option<StoredJob> {
        self.job.map(|job| *job)
    }
}

impl Begun {
    /// Of an arrival that is about to be saved.
    pub fn of(arrival: &Arrival) -> Self {
        Self(begun(arrival).map(Box::new))
    }

    /// The arrival was saved, and this is the job.
    pub fn saved_as(self, job_id: JobId) -> Handover {
        let job = self.0.map(|mut job| {
            job.id = job_id;
            if let Some(request) = &mut job.request {
                request.job_id = Some(job_id);
            }
            job
        });
        Handover { job_id, job }
    }
}

fn begun(arrival: &Arrival) -> Option<StoredJob> {
    let start = arrival.start.as_ref()?;
    if !start.origin.taken_over.is_empty() {
        // Its request, and values that lie apart, are those of another job: they are on disk.
        return None;
    }
    let body_bytes = arrival.record.as_ref().map_or(0, |it| it.body.len());
    let sealed_bytes = start.secret_state.as_ref().map_or(0, Vec::len);
    let input_bytes = start.input_blob.as_ref().map_or(0, |(_, text)| text.len());
    if body_bytes + sealed_bytes + input_bytes > HANDOVER_BYTES_MAX {
        return None;
    }
    Some(StoredJob {
        id: JobId(0),
        request_id: start.request_id,
        flow_id: start.flow_id,
        version: start.version,
        entries: vec![JournalEntry {
            seq: 0,
            at_ms: start.at_ms,
            event: start.queued.clone(),
        }],
        request: arrival.record.as_ref().map(|record| StoredRequest {
            record: record.clone(),
            job_id: None,
            duplicate_of: None,
        }),
        secret_state: start.secret_state.clone(),
    })
}
