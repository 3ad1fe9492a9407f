//! The journal: the append-only events of a job, keyed `(job_id, seq)`. A job's state is their fold.
//!
//! Events are a disk format: add variants and optional fields, never change the meaning of one that was written.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{JobId, RequestId, StepExecutionId};
use crate::status::{JobStatus, TriggerKind};

/// Values over this size lie apart in the `blobs` table and are loaded when something asks for them.
pub const INLINE_BYTES_MAX: usize = 64 * 1024;

/// The data of one step is at most this large.
pub const STEP_DATA_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A value of the journal: in place when small, else a reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueRef {
    /// The value itself.
    Inline(Value),
    /// Where the value lies.
    Blob {
        /// The key in the `blobs` table.
        id: String,
        /// The size of its JSON text.
        bytes: u64,
    },
}

/// An error that is part of the record: what happened, in words for a person, with a stable code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedError {
    /// A stable name: `timeout`, `connect`, `http_status`, `undefined_name`, …
    pub code: String,
    /// What happened, why, and what to do. Masked.
    pub message: String,
}

/// The request of an HTTP call as it was sent, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// GET, POST, …
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Names and values in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body as text (lossy), cut at the limit of the record.
    pub body: String,
    /// Whether `body` was cut.
    #[serde(default)]
    pub body_truncated: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// One thing that happened to a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The job exists; written with the request that began it.
    JobQueued {
        /// What started it.
        trigger: TriggerKind,
        /// The endpoint, schedule or person behind the trigger.
        trigger_name: String,
        /// The outputs asked for; none means all.
        outputs: Option<Vec<String>>,
        /// The input of a job that no inbound request began.
        input: Option<ValueRef>,
        /// Names of the secret state that came with the call. Never a value.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        secret_state: Vec<String>,
        /// How many jobs, one calling the next, led to this one by the API. Those that an inbound request tells of are in
        /// its headers.
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u32,
    },
    /// The job runs something again. Written with `JobQueued`.
    JobReplays {
        /// The job whose input, and perhaps whose results, it takes over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job: Option<JobId>,
        /// The inbound request whose headers and body are those of its trigger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
    },
    /// The result of a step, taken over from the job that this one continues. Written with `JobQueued`.
    StepCopied {
        /// The step's name.
        step: String,
        /// `success`, `error`, or the step's own.
        exit_code: String,
        /// What it left for later steps.
        data: ValueRef,
        /// Why, if the exit code is `error`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<RecordedError>,
        /// Memory that the step wrote.
        #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
        memory: IndexMap<String, ValueRef>,
        /// Memory that the step removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        memory_removed: Vec<String>,
    },
    /// The job only tries a draft. Written with `JobQueued`.
    JobTries {
        /// Whether its end sends the webhook tasks of the draft all the same.
        #[serde(default)]
        send_tasks: bool,
        /// Headers of its trigger that were given with the start, beside those of a request. Lower case, masked.
        #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
        headers: IndexMap<String, String>,
        /// Parameters of its trigger's query, likewise.
        #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
        query: IndexMap<String, String>,
    },
    /// The result that somebody gave for a step, which does not run then. Written with `JobQueued`.
    StepPinned {
        /// The step's name.
        step: String,
        /// `success`, `error`, or the step's own.
        exit_code: String,
        /// What later steps read.
        data: ValueRef,
    },
    /// The executor took it.
    JobStarted {},
    /// An attempt of a step begins.
    StepStarted {
        /// The step's name.
        step: String,
        /// Its execution: the same over all attempts.
        execution: StepExecutionId,
        /// Counts from 1 and includes interrupted ones.
        attempt: u32,
    },
    /// An attempt failed and another one follows.
    StepRetrying {
        /// The step's name.
        step: String,
        /// The attempt that failed.
        attempt: u32,
        /// Why.
        error: RecordedError,
        /// When the next attempt is due, Unix milliseconds.
        retry_at_ms: i64,
        /// What was sent, for steps that call somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<SentRequest>,
        /// What the attempt logged. Masked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        logs: Vec<String>,
    },
    /// No attempt could begin, because a secret or a key cannot be read now. It does not count as an attempt.
    StepPostponed {
        /// The step's name.
        step: String,
        /// What is in the way, and what to do.
        error: RecordedError,
        /// When the engine looks again, Unix milliseconds.
        retry_at_ms: i64,
    },
    /// A crash cut the attempt off. It does not count against the limit; the third in a row is an error.
    StepInterrupted {
        /// The step's name.
        step: String,
        /// The attempt that was cut off.
        attempt: u32,
    },
    /// The attempt did its part, and the step ends at a time: nothing runs until then, and the wait counts against no
    /// timeout.
    StepWaiting {
        /// The step's name.
        step: String,
        /// The attempt that began the wait.
        attempt: u32,
        /// When the step ends, Unix milliseconds.
        until_ms: i64,
    },
    /// The step ended.
    StepFinished {
        /// The step's name.
        step: String,
        /// The attempt that ended it.
        attempt: u32,
        /// `success`, `error`, or the step's own.
        exit_code: String,
        /// What it leaves for later steps. Masked.
        data: ValueRef,
        /// Why, if the exit code is `error`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<RecordedError>,
        /// Memory that the step wrote: part of its result. Masked.
        #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
        memory: IndexMap<String, ValueRef>,
        /// Memory that the step removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        memory_removed: Vec<String>,
        /// Names of secret state that the step put. Never a value.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        secret_state_put: Vec<String>,
        /// Names of secret state that the step removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        secret_state_removed: Vec<String>,
        /// What was sent, for steps that call somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<SentRequest>,
        /// What the attempt logged. Masked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        logs: Vec<String>,
    },
    /// The step will not run: an edge that it needs cannot be satisfied any more, or no output asked for it.
    StepSkipped {
        /// The step's name.
        step: String,
    },
    /// The step was stopped with its job.
    StepCanceled {
        /// The step's name.
        step: String,
    },
    /// The job ended for good.
    JobFinished {
        /// One of the final states.
        status: JobStatus,
        /// Why, if it is not complete.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<RecordedError>,
    },
}

/// An event with its place and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Counts from 0 within the job.
    pub seq: u64,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// What happened.
    pub event: Event,
}
