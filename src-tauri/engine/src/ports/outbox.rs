//! Deliveries on disk: what is due, and what became of each attempt.

use async_trait::async_trait;
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_model::{DeliveryId, DeliveryStatus, FlowId, JobId, TaskId};

use super::http::{Certificate, Timings};
use super::journal::JournalError;

/// Deliveries on disk. An answer means committed and synced.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Deliveries whose next attempt is due, the longest due first, without those of the given tasks: a task
    /// whose receiver is slow has its bound of attempts under way, and must not hide the others.
    async fn due(
        &self,
        now_ms: i64,
        limit: u32,
        except_tasks: &[TaskId],
    ) -> Result<Vec<DeliveryRow>, JournalError>;

    /// When the next delivery is due, Unix milliseconds; the same tasks are left out.
    async fn next_due_at_ms(&self, except_tasks: &[TaskId]) -> Result<Option<i64>, JournalError>;

    /// Attempts that a crash cut off are recorded as interrupted, and their deliveries become due now. Called once, at start.
    async fn recover(&self, now_ms: i64) -> Result<u64, JournalError>;

    /// One delivery.
    async fn delivery(&self, id: DeliveryId) -> Result<DeliveryRow, JournalError>;

    /// Records that attempts begin: the deliveries are `sending`. Gives those that may be sent: one whose
    /// task was disabled or which was canceled meanwhile is left out.
    async fn begin(
        &self,
        ids: Vec<DeliveryId>,
        at_ms: i64,
    ) -> Result<Vec<DeliveryId>, JournalError>;

    /// Records how an attempt ended and what follows.
    async fn end(&self, end: AttemptEnd) -> Result<(), JournalError>;

    /// A new delivery of the same message.
    async fn resend(&self, of: DeliveryId, id: DeliveryId, at_ms: i64) -> Result<(), JournalError>;
}

/// A delivery to insert with the end of its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The task's name; the store knows its id.
    pub task: String,
    /// The task's event, by its name in the document.
    pub event: String,
    /// The output that it is about; none for the job as a whole.
    pub output: Option<String>,
    /// GET, POST, …
    pub method: String,
    /// The task's URL as it is written: names, no secret values.
    pub url: String,
    /// How often it is tried at most.
    pub attempts_max: u32,
    /// Whether certificates are checked.
    pub validate_ssl: bool,
    /// When it is due first: now.
    pub due_at_ms: i64,
}

/// A delivery as the engine needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// Its job.
    pub job_id: JobId,
    /// Its flow.
    pub flow_id: FlowId,
    /// The version whose task is sent.
    pub version: i64,
    /// The task's id.
    pub task_id: TaskId,
    /// The task's name.
    pub task: String,
    /// The output that it is about.
    pub output: Option<String>,
    /// Where it is.
    pub status: DeliveryStatus,
    /// Attempts that count so far: interrupted ones do not.
    pub attempts_counted: u32,
    /// The number of the last attempt, interrupted ones included.
    pub attempts_total: u32,
    /// How often it is tried at most.
    pub attempts_max: u32,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct AttemptEnd {
    /// Whose attempt.
    pub delivery_id: DeliveryId,
    /// When it began.
    pub started_at_ms: i64,
    /// When it ended.
    pub ended_at_ms: i64,
    /// What was sent, masked; none if it could not be rendered.
    pub sent: Option<SentRequest>,
    /// What came of it.
    pub result: AttemptResult,
    /// Whether it counts against the limit. One that could not be sent because a secret cannot be read now
    /// does not: it is recorded as interrupted, with its reason.
    pub counts: bool,
    /// The delivery's state after it: delivered, waiting or failed.
    pub status: DeliveryStatus,
    /// When the next attempt is due.
    pub next_attempt_at_ms: Option<i64>,
    /// Whether the answer ends the task (410).
    pub disable_task: Option<TaskDisable>,
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub struct AttemptResult {
    /// The answer's status.
    pub http_status: Option<u16>,
    /// The answer's headers, masked.
    pub headers: Vec<(String, String)>,
    /// The answer's body as text (lossy), masked, cut at the limit of the record.
    pub body: String,
    /// The size of the whole body.
    pub body_bytes: u64,
    /// Whether `body` was cut.
    pub body_truncated: bool,
    /// Why it failed.
    pub error: Option<RecordedError>,
    /// Where the time went.
    pub timings: Timings,
    /// The peer's certificate.
    pub certificate: Option<Certificate>,
}

/// A task is switched off beside the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDisable {
    /// Which one.
    pub task_id: TaskId,
    /// Why, for a person.
    pub reason: String,
}
