//! A job with its steps, outputs, memory and deliveries.

use hookloom_engine::apply::fold_sound;
use hookloom_engine::ports::Journal;
use hookloom_engine::state::JobState;
use hookloom_model::JobId;
use hookloom_store::JobRow;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::shown::{Shown, ShownValue};
use super::summary::Job;
use super::{attempts, memory};
use crate::deliveries::Delivery;
use crate::document::{entries_of, text_of};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::masked::Masked;
use crate::named::named;
use crate::parts::{Fault, SentRequest, StepStatus};
use crate::state::ApiState;
use crate::time::At;

/// A job with its steps, outputs, memory and deliveries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobDetail {
    #[serde(flatten)]
    pub job: Job,
    pub outputs: Vec<JobOutput>,
    /// In the order of the document.
    pub steps: Vec<StepExecution>,
    /// In the order in which they were made, with everything that was sent and answered.
    pub deliveries: Vec<Delivery>,
    /// Name to value.
    #[schema(value_type = Object)]
    pub memory: Map<String, Value>,
    /// The variables of which `memory` has only the beginning of the JSON text.
    pub memory_truncated: Vec<String>,
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
    /// Whether somebody gave its result for a trial, and it did not run.
    pub pinned: bool,
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
    /// What it logged, in order. Masked.
    pub logs: Vec<String>,
}

named!(
    /// Where an attempt of a step is; `interrupted` was cut off by a crash and does not count.
    StepAttemptStatus {
        Running = "running", Complete = "complete", Failed = "failed", Interrupted = "interrupted",
        Canceled = "canceled",
    }
);

/// Reads a job with everything that belongs to it.
pub(crate) async fn read(state: &ApiState, id: JobId) -> Result<JobDetail, Error> {
    let row = state
        .store
        .job(id)
        .await
        .or_missing(ErrorCode::JobNotFound)?;
    let deliveries = state.store.deliveries_of_job(id).await?;
    let entries = state.store.journal_entries(id, 0, u32::MAX).await?;
    let text = state.store.flow_version(row.flow_id, row.version).await?;
    let document: Value = serde_json::from_str(&text).map_err(Error::internal)?;
    // The list says that the record is damaged; what is sound of it is worth seeing.
    let folded = fold_sound(&entries);
    let masked = state.masked();
    let mut shown = Shown::new(&state.store, &masked);

    let mut attempts = attempts::of_journal(entries, &masked);
    let mut steps = Vec::new();
    for step in entries_of(&document, "steps") {
        let attempts = attempts
            .shift_remove(text_of(step, "name"))
            .unwrap_or_default();
        steps.push(execution(step, &folded, attempts, &mut shown, &masked).await?);
    }
    let outputs = outputs(state, &row, &document, &folded, &steps).await?;
    let memory = memory::read(state, &row, &document, &folded, &mut shown).await?;
    Ok(JobDetail {
        job: Job::new(row, state.clock.now_ms(), &masked),
        outputs,
        steps,
        deliveries: crate::deliveries::with_documents(state, deliveries, &masked).await?,
        memory: memory.values,
        memory_truncated: memory.truncated,
        secret_state_names: folded.secret_state,
    })
}

async fn execution(
    step: &Value,
    folded: &JobState,
    attempts: Vec<StepAttempt>,
    shown: &mut Shown<'_>,
    masked: &Masked,
) -> Result<StepExecution, Error> {
    let name = text_of(step, "name").to_owned();
    let kind = text_of(step, "kind").to_owned();
    let Some(folded) = folded.steps.get(&name) else {
        return Ok(not_begun(name, kind));
    };
    let data = match &folded.data {
        Some(data) => shown.value(data).await?,
        None => ShownValue {
            value: Value::Null,
            truncated: false,
        },
    };
    // The moment of an error is the end of the attempt that had it; a wait for a secret has no attempt.
    let at_ms = folded.retry_at_ms.unwrap_or_default();
    let last = attempts
        .iter()
        .rev()
        .find_map(|attempt| attempt.error.clone());
    let error = folded.error.clone().map(|error| {
        last.filter(|last| last.code == error.code)
            .unwrap_or_else(|| Fault::new(masked.error(error), at_ms))
    });
    Ok(StepExecution {
        name,
        kind,
        status: folded.status.into(),
        pinned: folded.is_pinned,
        exit_code: folded.exit_code.clone(),
        data: data.value,
        data_truncated: data.truncated,
        error,
        waiting_until: folded.retry_at_ms.map(At::from_ms),
        execution_id: folded.execution.map(|id| id.to_string()),
        attempts,
    })
}

fn not_begun(name: String, kind: String) -> StepExecution {
    StepExecution {
        name,
        kind,
        status: StepStatus::Pending,
        pinned: false,
        exit_code: None,
        data: Value::Null,
        data_truncated: false,
        error: None,
        waiting_until: None,
        execution_id: None,
        attempts: Vec::new(),
    }
}

/// The outputs that were asked for, with the data of their steps.
async fn outputs(
    state: &ApiState,
    row: &JobRow,
    document: &Value,
    folded: &JobState,
    steps: &[StepExecution],
) -> Result<Vec<JobOutput>, Error> {
    let asked = folded
        .queued
        .as_ref()
        .and_then(|queued| queued.outputs.as_ref());
    let ids = state.store.outputs_of_flow(row.flow_id).await?;
    let mut outputs = Vec::new();
    for output in entries_of(document, "outputs") {
        let name = text_of(output, "name");
        if asked.is_some_and(|asked| !asked.iter().any(|one| one == name)) {
            continue;
        }
        let step = steps
            .iter()
            .find(|step| step.name == text_of(output, "step"));
        let id = ids
            .iter()
            .find(|row| row.name == name)
            .map_or(0, |row| row.id.0);
        outputs.push(JobOutput {
            id,
            name: name.to_owned(),
            status: step.map_or(StepStatus::Pending, |step| step.status),
            data: step.map_or(Value::Null, |step| step.data.clone()),
            data_truncated: step.is_some_and(|step| step.data_truncated),
        });
    }
    Ok(outputs)
}
