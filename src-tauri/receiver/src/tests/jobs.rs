//! Jobs in memory, which a test moves on as the engine would.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use hookloom_engine::answers::{News, Waiters};
use hookloom_engine::ports::{
    Calls, Commit, JobStart, Journal, JournalError, StatusUrl, StoredJob,
};
use hookloom_model::journal::{Event, JournalEntry, RecordedError, ValueRef};
use hookloom_model::request::{Reason, RequestRecord, StoredRequest};
use hookloom_model::{FlowId, JobId, JobStatus, RequestId, StepExecutionId};
use parking_lot::Mutex;
use serde_json::{Map, Value};

use super::started::NOW_MS;

/// What matters of the flow: one step that is an output, and one that responds.
const DOCUMENT: &str = r#"{"steps": [{"name": "work", "kind": "set"}, {"name": "reply", "kind": "respond"}],
    "outputs": [{"name": "sum", "step": "work"}]}"#;

#[derive(Default)]
pub(crate) struct MemoryJobs {
    pub waiters: Waiters,
    pub urls: Mutex<HashMap<JobId, StatusUrl>>,
    /// What was noted as the real status of calls.
    pub statuses: Mutex<Vec<(RequestId, u16)>>,
    /// What was noted as the reason of answers.
    pub reasons: Mutex<Vec<(RequestId, Reason)>>,
    /// Requests that were taken.
    pub records: Mutex<Vec<RequestRecord>>,
    /// Uses of tokens that were noted.
    pub tokens_used: Mutex<Vec<(i64, i64)>>,
    /// When set, the journal cannot be read.
    pub is_broken: Mutex<bool>,
    /// How often a job's record was read.
    pub loads: Mutex<usize>,
    jobs: Mutex<HashMap<JobId, StoredJob>>,
}

impl MemoryJobs {
    pub fn begin(&self, id: JobId, start: &JobStart) {
        let job = StoredJob {
            id,
            request_id: start.request_id,
            flow_id: start.flow_id,
            version: start.version,
            entries: Vec::new(),
            request: None,
            secret_state: None,
        };
        self.jobs.lock().insert(id, job);
        self.commit(id, JobStatus::Queued, start.queued.clone());
        self.commit(id, JobStatus::Running, Event::JobStarted {});
    }

    /// A step ends.
    pub fn finish_step(&self, id: JobId, step: &str, exit_code: &str, data: Value) {
        let started = Event::StepStarted {
            step: step.to_owned(),
            execution: StepExecutionId::new(NOW_MS, [1; 10]),
            attempt: 1,
        };
        self.commit(id, JobStatus::Running, started);
        let finished = Event::StepFinished {
            step: step.to_owned(),
            attempt: 1,
            exit_code: exit_code.to_owned(),
            data: ValueRef::Inline(data),
            error: None,
            memory: Default::default(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
            logs: Vec::new(),
        };
        self.commit(id, JobStatus::Running, finished);
    }

    /// The job ends.
    pub fn end(&self, id: JobId, status: JobStatus) {
        let finished = Event::JobFinished {
            status,
            error: None,
        };
        self.commit(id, status, finished);
    }

    /// The history of the job is deleted.
    pub fn delete(&self, id: JobId) {
        self.jobs.lock().remove(&id).expect("the job was there");
    }

    fn commit(&self, job_id: JobId, status: JobStatus, event: Event) {
        let entry = {
            let mut jobs = self.jobs.lock();
            let job = jobs.get_mut(&job_id).expect("the job has begun");
            let entry = JournalEntry {
                seq: job.entries.len() as u64,
                at_ms: NOW_MS,
                event,
            };
            job.entries.push(entry.clone());
            entry
        };
        self.waiters.committed(&News::of(&Commit {
            job_id,
            entries: vec![entry],
            status,
            waiting_until_ms: None,
            error: None,
            blobs: Vec::new(),
            secret_state: Default::default(),
            deliveries: Vec::new(),
        }));
    }
}

#[async_trait]
impl Journal for MemoryJobs {
    async fn commit(&self, _: Commit) -> Result<(), JournalError> {
        unreachable!("the receiver commits nothing")
    }

    async fn load(&self, job_id: JobId) -> Result<StoredJob, JournalError> {
        *self.loads.lock() += 1;
        if *self.is_broken.lock() {
            let reason = "the disk is busy".to_owned();
            return Err(JournalError::Unavailable { reason });
        }
        let job = self.jobs.lock().get(&job_id).cloned();
        job.ok_or_else(|| JournalError::NotFound {
            what: format!("job {job_id}"),
        })
    }

    async fn unfinished(&self, _: JobId, _: u32) -> Result<Vec<JobId>, JournalError> {
        Ok(Vec::new())
    }

    async fn flow_version(&self, _: FlowId, _: i64) -> Result<Arc<str>, JournalError> {
        Ok(Arc::from(DOCUMENT))
    }

    async fn variables(&self) -> Result<Map<String, Value>, JournalError> {
        Ok(Map::new())
    }

    async fn park(&self, _: JobId, _: RecordedError, _: i64) -> Result<(), JournalError> {
        unreachable!("the receiver ends no job")
    }

    async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError> {
        Err(JournalError::NotFound {
            what: id.to_string(),
        })
    }

    async fn blob(&self, id: &str) -> Result<Vec<u8>, JournalError> {
        Err(JournalError::NotFound {
            what: id.to_owned(),
        })
    }
}

#[async_trait]
impl Calls for MemoryJobs {
    async fn keep_status_url(&self, url: StatusUrl) -> Result<StatusUrl, JournalError> {
        Ok(self.urls.lock().entry(url.job_id).or_insert(url).clone())
    }

    async fn job_of_status_url(&self, sha256: [u8; 32]) -> Result<Option<JobId>, JournalError> {
        let urls = self.urls.lock();
        let found = urls.values().find(|url| url.sha256 == sha256);
        Ok(found.map(|url| url.job_id))
    }

    async fn status_url_of(&self, job_id: JobId) -> Result<Option<StatusUrl>, JournalError> {
        Ok(self.urls.lock().get(&job_id).cloned())
    }

    async fn request(&self, id: RequestId) -> Result<Option<StoredRequest>, JournalError> {
        let records = self.records.lock();
        let found = records.iter().find(|record| record.id == id);
        Ok(found.map(|record| StoredRequest {
            record: record.clone(),
            job_id: None,
            duplicate_of: None,
        }))
    }

    fn note_token(&self, id: i64, at_ms: i64) {
        self.tokens_used.lock().push((id, at_ms));
    }

    fn note_status(&self, request_id: RequestId, status: u16) {
        self.statuses.lock().push((request_id, status));
    }

    fn note_reason(&self, request_id: RequestId, reason: Reason) {
        self.reasons.lock().push((request_id, reason));
    }
}
