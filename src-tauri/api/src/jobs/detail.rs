//! A job with its steps, outputs, memory and deliveries.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::summary::Job;
use crate::deliveries::Delivery;
use crate::named::named;
use crate::parts::{Fault, SentRequest, StepStatus};
use crate::time::At;

/// Data of a step, an output or a memory variable is shown up to this many bytes of JSON text; beyond that the
/// answer has its beginning as a string.
pub const DATA_SHOWN_BYTES_MAX: usize = 1024 * 1024;

/// A job with its steps, outputs, memory and deliveries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobDetail {
    #[serde(flatten)]
    pub job: Job,
    pub outputs: Vec<JobOutput>,
    /// In the order of the document.
    pub steps: Vec<StepExecution>,
    /// With everything that was sent and answered, newest first.
    pub deliveries: Vec<Delivery>,
    /// Name to value.
    #[schema(value_type = Object)]
    pub memory: Map<String, Value>,
    /// The names of its secret state, while it has one.
    pub secret_state_names: Vec<String>,
}

/// A named result of the job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobOutput {
    pub id: i64,
    pub name: String,
    /// Of the output's step.
    pub status: StepStatus,
    /// Of the output's step; null while there is none.
    pub data: Value,
    /// Whether `data` is only the beginning of the JSON text.
    pub data_truncated: bool,
}

/// One step in this job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepExecution {
    pub name: String,
    /// `http`, `set`, …
    pub kind: String,
    pub status: StepStatus,
    /// `success`, `error`, or the step's own.
    pub exit_code: Option<String>,
    /// What it left for later steps; null while there is nothing.
    pub data: Value,
    /// Whether `data` is only the beginning of the JSON text.
    pub data_truncated: bool,
    pub error: Option<Fault>,
    /// When the next attempt is due, if it waits for one.
    pub waiting_until: Option<At>,
    /// `ste_…`, the idempotency key of its calls; null while it has not started.
    pub execution_id: Option<String>,
    pub attempts: Vec<StepAttempt>,
}

/// One try of a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepAttempt {
    /// Counts from 1 and includes interrupted ones.
    pub n: u32,
    pub started_at: At,
    pub ended_at: Option<At>,
    pub status: StepAttemptStatus,
    pub error: Option<Fault>,
    /// What was sent, for steps that call somebody.
    pub sent: Option<SentRequest>,
}

named!(
    /// Where an attempt of a step is; `interrupted` was cut off by a crash and does not count.
    StepAttemptStatus {
        Running = "running", Complete = "complete", Failed = "failed", Interrupted = "interrupted",
        Canceled = "canceled",
    }
);
