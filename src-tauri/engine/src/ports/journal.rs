//! Where a job's events are appended, and read back after a restart.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::journal::{JournalEntry, RecordedError};
use hookloom_model::request::StoredRequest;
use hookloom_model::{FlowId, JobId, JobStatus, RequestId};

use super::outbox::NewDelivery;

/// Appends events. An answer means committed and synced.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends events and everything that follows from them, in one transaction.
    async fn commit(&self, commit: Commit) -> Result<(), JournalError>;

    /// A job as it is on disk.
    async fn load(&self, job_id: JobId) -> Result<StoredJob, JournalError>;

    /// Jobs that have not ended, oldest first, after the given one.
    async fn unfinished(&self, after: JobId, limit: u32) -> Result<Vec<JobId>, JournalError>;

    /// The JSON text of a flow version's document.
    async fn flow_version(&self, flow_id: FlowId, version: i64) -> Result<Arc<str>, JournalError>;

    /// The workspace's variables: a JSON object, name to value.
    async fn variables(&self) -> Result<serde_json::Map<String, serde_json::Value>, JournalError>;

    /// Ends a job whose record cannot be followed any more: it has failed with this reason, and nobody tries it again.
    /// Its journal stays as it is.
    async fn park(
        &self,
        job_id: JobId,
        error: RecordedError,
        at_ms: i64,
    ) -> Result<(), JournalError>;

    /// An inbound request, with its body.
    async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError>;

    /// A value that lies apart.
    async fn blob(&self, id: &str) -> Result<Vec<u8>, JournalError>;
}

/// Events of one job and what follows from them.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Whose events.
    pub job_id: JobId,
    /// In order; the first one's `seq` must be the next of the journal, else [`JournalError::Conflict`].
    pub entries: Vec<JournalEntry>,
    /// The projection in `jobs` after these events.
    pub status: JobStatus,
    /// When the job waits: until when, Unix milliseconds.
    pub waiting_until_ms: Option<i64>,
    /// The job's error, once it has one.
    pub error: Option<RecordedError>,
    /// Values that lie apart: key and JSON text.
    pub blobs: Vec<(String, Vec<u8>)>,
    /// What happens to the job's secret state.
    pub secret_state: SecretStateChange,
    /// Deliveries of the job, inserted with its end.
    pub deliveries: Vec<NewDelivery>,
}

/// What happens to a job's secret state.
#[derive(Debug, Clone, Default)]
pub enum SecretStateChange {
    /// Nothing.
    #[default]
    Keep,
    /// It becomes this: a JSON object sealed with the job's key.
    Replace(Vec<u8>),
    /// It is deleted.
    Delete,
}

/// A job as it is on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredJob {
    /// Its id.
    pub id: JobId,
    /// The call that began it.
    pub request_id: RequestId,
    /// Whose job.
    pub flow_id: FlowId,
    /// The version that it is pinned to.
    pub version: i64,
    /// Every event so far.
    pub entries: Vec<JournalEntry>,
    /// The inbound request that began it, or the earlier one that it runs again, with its body.
    pub request: Option<StoredRequest>,
    /// Sealed secret state.
    pub secret_state: Option<Vec<u8>>,
}

/// Why the journal could not do it.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Somebody else appended first, or the job has ended: never retried.
    #[error("job {job_id} is at event {found}, not at {expected}")]
    Conflict {
        /// Whose journal.
        job_id: JobId,
        /// The `seq` that was offered.
        expected: u64,
        /// The `seq` that would fit.
        found: u64,
    },
    /// There is no such thing.
    #[error("{what} is not in the database")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The disk is full or the writer is stopping; try again later.
    #[error("the database cannot write now: {reason}")]
    Unavailable {
        /// What is in the way.
        reason: String,
    },
    /// Our fault, or damage.
    #[error("the database failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}
