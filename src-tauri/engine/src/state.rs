//! A job's state: the fold of its journal by [`crate::apply`].
//!
//! Holds exit codes and references, not large values: those lie in blobs and are loaded when a template asks.

use hookloom_model::journal::{RecordedError, ValueRef};
use hookloom_model::{JobId, JobStatus, RequestId, StepExecutionId, StepStatus, TriggerKind};
use indexmap::IndexMap;

/// What the journal of a job says so far. The default is a job of which nothing is recorded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobState {
    /// The `seq` that the next entry must have.
    pub seq_next: u64,
    /// How the job was begun; none before its first event.
    pub queued: Option<Queued>,
    /// What it runs again.
    pub replays: Option<Replays>,
    /// What is said of a job that only tries a draft.
    pub trial: Option<Trial>,
    /// When the executor took it, Unix milliseconds.
    pub started_at_ms: Option<i64>,
    /// When and how it ended.
    pub ended: Option<Ended>,
    /// Steps of which something is recorded, in the order of their first event.
    pub steps: IndexMap<String, StepState>,
    /// Memory that steps wrote. What the trigger put there is not in the journal but in the request.
    pub memory: IndexMap<String, ValueRef>,
    /// Names of the secret state.
    pub secret_state: Vec<String>,
    /// Steps with an attempt under way.
    pub running: usize,
    /// How long steps ran, up to the last entry: without waits and without the time that Hookloom was not running.
    pub active_ms: i64,
    /// When the last entry was written.
    pub last_at_ms: i64,
}

/// How a job was begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What started it.
    pub trigger: TriggerKind,
    /// The endpoint, schedule or person behind the trigger.
    pub trigger_name: String,
    /// The outputs asked for; none means all.
    pub outputs: Option<Vec<String>>,
    /// The input of a job that no inbound request began.
    pub input: Option<ValueRef>,
    /// How many jobs, one calling the next, led to this one by the API.
    pub depth: u32,
}

/// What a job runs again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replays {
    /// The earlier job.
    pub job: Option<JobId>,
    /// The inbound request whose headers and body are those of its trigger.
    pub request: Option<RequestId>,
}

/// A job that only tries a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// Whether its end sends webhook tasks all the same.
    pub send_tasks: bool,
    /// Headers of its trigger that were given with the start.
    pub headers: IndexMap<String, String>,
    /// Parameters of its trigger's query, likewise.
    pub query: IndexMap<String, String>,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// One of the final states.
    pub status: JobStatus,
    /// Why, if it is not complete.
    pub error: Option<RecordedError>,
}

/// What is recorded of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepState {
    /// Where it is.
    pub status: StepStatus,
    /// Its execution, once an attempt began: the same over all attempts.
    pub execution: Option<StepExecutionId>,
    /// The number of the last attempt, interrupted ones included.
    pub attempt: u32,
    /// Attempts that failed and count against the limit.
    pub failed_attempts: u32,
    /// Attempts in a row that a crash cut off.
    pub interrupted_in_row: u32,
    /// Looks in a row that found a secret unreadable.
    pub postponed_in_row: u32,
    /// Whether it waits for a time that ends it, without another attempt.
    pub is_delayed: bool,
    /// Whether somebody gave its result, and it did not run.
    pub is_pinned: bool,
    /// When a waiting step goes on, Unix milliseconds.
    pub retry_at_ms: Option<i64>,
    /// `success`, `error`, or the step's own, once it ended.
    pub exit_code: Option<String>,
    /// What it left.
    pub data: Option<ValueRef>,
    /// Why it failed, or what it waits for.
    pub error: Option<RecordedError>,
    /// The `seq` of the entry that ended it.
    pub ended_seq: Option<u64>,
}

impl Default for StepState {
    fn default() -> Self {
        Self {
            status: StepStatus::Pending,
            execution: None,
            attempt: 0,
            failed_attempts: 0,
            interrupted_in_row: 0,
            postponed_in_row: 0,
            is_delayed: false,
            is_pinned: false,
            retry_at_ms: None,
            exit_code: None,
            data: None,
            error: None,
            ended_seq: None,
        }
    }
}

impl JobState {
    /// Where a step is; one of which nothing is recorded is pending.
    pub fn step_status(&self, step: &str) -> StepStatus {
        self.steps
            .get(step)
            .map_or(StepStatus::Pending, |state| state.status)
    }

    /// Where the job is, as lists show it.
    pub fn status(&self) -> JobStatus {
        if let Some(ended) = &self.ended {
            return ended.status;
        }
        if self.started_at_ms.is_none() {
            return JobStatus::Queued;
        }
        if self.running == 0 && self.waiting_until_ms().is_some() {
            return JobStatus::Waiting;
        }
        JobStatus::Running
    }

    /// When the first of the waiting steps goes on.
    pub fn waiting_until_ms(&self) -> Option<i64> {
        let waiting = self
            .steps
            .values()
            .filter(|step| step.status == StepStatus::Waiting);
        waiting.filter_map(|step| step.retry_at_ms).min()
    }

    /// What lists show as the job's error: why it failed, or what it waits for.
    pub fn shown_error(&self) -> Option<&RecordedError> {
        if let Some(ended) = &self.ended {
            return ended.error.as_ref();
        }
        let mut waiting = self
            .steps
            .values()
            .filter(|step| step.status == StepStatus::Waiting && step.postponed_in_row > 0);
        waiting.find_map(|step| step.error.as_ref())
    }

    /// How long steps ran until now, in milliseconds: what counts against the job's timeout.
    pub fn active_ms(&self, now_ms: i64) -> i64 {
        let since = if self.running > 0 {
            now_ms.saturating_sub(self.last_at_ms).max(0)
        } else {
            0
        };
        self.active_ms.saturating_add(since)
    }

    /// Steps with an attempt under way, by name.
    pub fn running_steps(&self) -> impl Iterator<Item = (&str, &StepState)> {
        self.steps
            .iter()
            .filter(|(_, step)| step.status == StepStatus::Running)
            .map(|(name, step)| (name.as_str(), step))
    }
}
