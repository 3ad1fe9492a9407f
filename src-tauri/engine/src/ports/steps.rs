//! What runs a step. `steps` has one implementation per kind.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::StepExecutionId;
use hookloom_model::document::{FlowDocument, Step};
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_model::problem::Problem;
use hookloom_template::Scope;
use indexmap::IndexMap;
use serde_json::Value;

/// The registry of step kinds.
pub trait StepKinds: Send + Sync {
    /// Compiles a step of a published flow: templates are parsed once per version, not once per job.
    fn prepare(&self, flow: &FlowDocument, step: &Step) -> Result<Arc<dyn StepRunner>, Problem>;
}

/// One compiled step.
#[async_trait]
pub trait StepRunner: Send + Sync {
    /// Whether it only computes: then its start need not be on disk before it runs.
    fn is_pure(&self) -> bool;

    /// The names that its templates use, so that the engine loads no more than these.
    fn references(&self) -> &[hookloom_template::Reference];

    /// Whether it loads memory and secret state by names that it computes: then it gets all of them.
    fn reads_memory(&self) -> bool {
        false
    }

    /// Runs one attempt. It should end by itself within the attempt's time; soon after that the engine drops the future.
    async fn run(&self, attempt: Attempt<'_>) -> Outcome;
}

/// What an attempt gets.
pub struct Attempt<'a> {
    /// The execution: the idempotency key of its calls.
    pub execution: StepExecutionId,
    /// Counts from 1.
    pub number: u32,
    /// What is left of the step's time.
    pub timeout_ms: i64,
    /// The values of the names in [`StepRunner::references`], secrets among them.
    pub scope: &'a Scope,
    /// Calls somebody's URL.
    pub http: &'a dyn super::Http,
    /// Opens files that came with requests.
    pub files: &'a dyn super::Files,
    /// Runs JavaScript.
    pub scripts: &'a dyn super::Scripts,
    /// Memory and secret state by name; empty unless [`StepRunner::reads_memory`].
    pub memory: &'a dyn super::Memory,
    /// Reads the time, for dates in answers.
    pub clock: &'a dyn super::Clock,
    /// How many Hooklooms, one calling the next, led to this job; calls carry one more.
    pub depth: u32,
    /// What began the job, and this step in it.
    pub call: &'a StepCall,
}

/// What began a job, and a step in it: the same in every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepCall {
    /// The caller's own name for the job: the `id` of its call, else the request's id.
    pub business_key: String,
    /// The step whose end made this one ready; none for a first step.
    pub triggered_by: Option<TriggeredBy>,
}

/// A step that ended, and with that made another one ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggeredBy {
    /// Its name.
    pub step: String,
    /// Its execution.
    pub execution: StepExecutionId,
}

/// How an attempt ended. Nothing in here is masked yet: the engine does that, once, before the journal.
#[derive(Clone)]
pub enum Outcome {
    /// The step is done.
    Finished(Produced),
    /// The step is done at this time (Unix milliseconds), also if Hookloom stops meanwhile. It ends with `success` and
    /// with the time as its data.
    Waiting {
        /// At once if it has passed.
        until_ms: i64,
    },
    /// The attempt failed; the step is tried again while its retries last, else it ends with `error`.
    Retryable(Produced),
}

/// What an attempt leaves.
#[derive(Clone)]
pub struct Produced {
    /// `success`, `error`, or the kind's own.
    pub exit_code: String,
    /// What later steps read.
    pub data: Value,
    /// Why it failed.
    pub error: Option<RecordedError>,
    /// Memory that it wrote.
    pub memory: IndexMap<String, Value>,
    /// What was sent.
    pub sent: Option<SentRequest>,
    /// What it logged, in order and bounded.
    pub logs: Vec<String>,
    /// A wait that the answer asked for (`Retry-After`), milliseconds.
    pub retry_after_ms: Option<i64>,
}
