//! Where an inbound request goes to disk, together with the job that it begins.

use async_trait::async_trait;
use hookloom_model::document::Mode;
use hookloom_model::journal::{Event, ValueRef};
use hookloom_model::request::RequestRecord;
use hookloom_model::{FlowId, JobId, RequestId};

use crate::state::Replays;

/// Writes requests. An answer means committed and synced.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// In one transaction: the request, its idempotency key, its job and the job's first event.
    /// A key that is known already gives [`Accepted::Duplicate`], and the request is recorded as one.
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, InboxError>;

    /// Records a request that begins no job. It may be lost in a crash. Per endpoint, reason and minute the
    /// first 60 are kept and the rest counted.
    fn record_rejected(&self, record: RequestRecord);

    /// Why nothing can be accepted at this moment (no room on the disk, the queue of writes is over its
    /// bound), if that is known without trying. Cheap: it is asked for every request, before anything else.
    fn unavailable(&self) -> Option<String> {
        None
    }

    /// Why nothing can be saved at this moment, found out by saving something; none if it can. Who asks often gets what
    /// was found a moment ago.
    async fn saving_problem(&self) -> Option<String> {
        self.unavailable()
    }
}

/// A request that was checked, or a start that no request began.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What is recorded; none for jobs that a person, a schedule or the API starts.
    pub record: Option<RequestRecord>,
    /// The caller's idempotency key, within the endpoint.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The job to begin; none while the flow is off or paused: the request is held.
    pub start: Option<JobStart>,
}

/// What tells a request from its repeats, and what a repeat has to know to get the first one's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key.
    pub text: String,
    /// How this request is answered, if it is the first.
    pub answered: Answered,
}

impl<T: Into<String>> From<T> for IdempotencyKey {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            answered: Answered::default(),
        }
    }
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// When.
    pub mode: Mode,
    /// By the endpoint of this version of its flow.
    pub version: i64,
}

/// A job to begin.
#[derive(Debug, Clone)]
pub struct JobStart {
    /// The request's id, also for starts that no request began.
    pub request_id: RequestId,
    /// Whose job.
    pub flow_id: FlowId,
    /// The published version that it is pinned to.
    pub version: i64,
    /// Now, Unix milliseconds.
    pub at_ms: i64,
    /// [`Event::JobQueued`].
    pub queued: Event,
    /// Bytes of a large input: the key in `queued` and the JSON text.
    pub input_blob: Option<(String, Vec<u8>)>,
    /// Secret state that came with the call, a JSON object sealed with the job's key.
    pub secret_state: Option<Vec<u8>>,
    /// What it begins with beside its input.
    pub origin: Origin,
}

/// What a job begins with beside its input.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Events that follow `queued`: what it takes over from an earlier job or request.
    pub taken_over: Vec<Event>,
    /// Values that lie apart and are copied: the key of the earlier one, and the key of the copy.
    pub copies: Vec<(String, String)>,
    /// Values of these events that lie apart: key and JSON text.
    pub blobs: Vec<(String, Vec<u8>)>,
    /// The schedule that is due. The job begins only if nobody began it for this time before, and the flow is live.
    pub schedule: Option<DueSchedule>,
}

/// A schedule at a time at which it is due: begins at most one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSchedule {
    /// The schedule's name.
    pub name: String,
    /// The time, Unix milliseconds.
    pub due_at_ms: i64,
    /// Earlier times that were missed and begin nothing any more.
    pub missed: u64,
}

impl Origin {
    /// What the job runs again.
    pub fn replays(&self) -> Option<Replays> {
        self.taken_over.iter().find_map(|event| match event {
            Event::JobReplays { job, request } => Some(Replays {
                job: *job,
                request: *request,
            }),
            _ => None,
        })
    }
}

impl JobStart {
    /// The input that was given with the start, if any.
    pub fn input(&self) -> Option<&ValueRef> {
        match &self.queued {
            Event::JobQueued { input, .. } => input.as_ref(),
            _ => None,
        }
    }
}

/// What the inbox did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// A job begins.
    Started {
        /// The new job.
        job_id: JobId,
    },
    /// Nothing begins: the request is recorded, or the schedule is not due any more.
    Held,
    /// The same key was seen before. The files of this arrival belong to no request.
    Duplicate {
        /// The first request.
        first: RequestId,
        /// The job that it began; none if it was held.
        job_id: Option<JobId>,
        /// How it was answered.
        answered: Answered,
    },
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// No room on the disk, or the queue of writes is full: the caller may come again.
    #[error("the request could not be saved now: {reason}")]
    Unavailable {
        /// What is in the way.
        reason: String,
    },
    /// The flow was deleted meanwhile.
    #[error("the flow was deleted; nothing was started")]
    FlowGone,
    /// Our fault.
    #[error("the request could not be saved")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}
