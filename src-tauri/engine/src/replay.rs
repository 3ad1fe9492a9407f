//! New jobs from earlier ones: the same input again, or the results of finished steps taken over.
//!
//! Changes nothing of the earlier job. Its secret state is gone with its end, so whoever wants it again gives it again.

use std::collections::BTreeSet;

use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::request::StoredRequest;
use hookloom_model::{JobId, JobStatus, RequestId, StepStatus, TriggerKind};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::apply::fold;
use crate::core::Core;
use crate::decide::is_handled;
use crate::flow::LoadedFlow;
use crate::handover::Handover;
use crate::ports::StoredJob;
use crate::start::{self, Begin, StartError, StartJob, StartedJob};
use crate::state::JobState;

/// The reason code of a request that begins nothing and came with secret state, which is not kept then.
pub const SECRET_STATE_DROPPED: &str = "secret_state_dropped";

/// A job to run again. It may hold secret state: it has no `Debug`.
pub struct Replay {
    /// What is run again.
    pub of: Replayed,
    /// The version to run.
    pub version: i64,
    /// Who wants it.
    pub by: String,
    /// An edited input in place of the recorded one.
    pub input: Option<Value>,
    /// The outputs asked for, in place of those of the earlier job.
    pub outputs: Option<Vec<String>>,
    /// Secret state, given again.
    pub secret_state: Map<String, Value>,
    /// How many jobs, one calling the next, led to this.
    pub depth: u32,
}

/// What is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// A job.
    Job(JobId),
    /// An inbound request, also one that began no job.
    Request(RequestId),
}

/// A job to go on with where an earlier one ended. It may hold secret state: it has no `Debug`.
pub struct Continue {
    /// The job that ended.
    pub job_id: JobId,
    /// The first step to run again; none is every step that did not succeed.
    pub from: Option<String>,
    /// Who wants it.
    pub by: String,
    /// Secret state, given again.
    pub secret_state: Map<String, Value>,
    /// How many jobs, one calling the next, led to this.
    pub depth: u32,
}

/// Starts a job with the input of an earlier one, or of a request.
pub(crate) async fn replay(
    core: &Core,
    replay: Replay,
) -> Result<(StartedJob, Handover), StartError> {
    match replay.of {
        Replayed::Job(id) => {
            let job = core.ports.journal.load(id).await?;
            let state = folded(&job)?;
            let names = queued_names(&job.entries);
            check_secret_state(names, &replay.secret_state)?;
            let input = match replay.input {
                Some(input) => Some(input),
                None => recorded_input(core, &state).await?,
            };
            let outputs = state.queued.and_then(|queued| queued.outputs);
            let request = job.request.map(|request| request.record.id);
            let start = StartJob {
                flow_id: job.flow_id,
                version: replay.version,
                trigger: TriggerKind::Replay,
                trigger_name: replay.by,
                input,
                outputs: replay.outputs.or(outputs),
                depth: replay.depth,
            };
            begin(core, start, Some(id), request, replay.secret_state).await
        }
        Replayed::Request(id) => {
            let StoredRequest { record, .. } = core.ports.journal.request(id).await?;
            let dropped = record
                .reason
                .is_some_and(|reason| reason.code == SECRET_STATE_DROPPED);
            if dropped && replay.secret_state.is_empty() {
                return Err(StartError::SecretStateGone { names: Vec::new() });
            }
            let start = StartJob {
                flow_id: record.flow_id,
                version: replay.version,
                trigger: TriggerKind::Replay,
                trigger_name: replay.by,
                input: replay.input,
                outputs: replay.outputs,
                depth: replay.depth,
            };
            begin(core, start, None, Some(id), replay.secret_state).await
        }
    }
}

async fn begin(
    core: &Core,
    start: StartJob,
    job: Option<JobId>,
    request: Option<RequestId>,
    secret_state: Map<String, Value>,
) -> Result<(StartedJob, Handover), StartError> {
    let begin = Begin {
        secret_state,
        taken_over: vec![Event::JobReplays { job, request }],
        ..Begin::new(core)
    };
    start::begin(core, start, begin).await
}

/// Starts a job of the same version that has the recorded results of the steps that need not run again.
pub(crate) async fn continue_job(
    core: &Core,
    go_on: Continue,
) -> Result<(StartedJob, Handover), StartError> {
    let id = go_on.job_id;
    let job = core.ports.journal.load(id).await?;
    let state = folded(&job)?;
    match &state.ended {
        None => return Err(StartError::NotEnded { job_id: id }),
        Some(ended) if ended.status == JobStatus::Complete && go_on.from.is_none() => {
            return Err(StartError::NothingToContinue { job_id: id });
        }
        Some(_) => {}
    }
    let flow = start::load_flow(core, job.flow_id, job.version).await?;
    let kept = kept_steps(&flow, &state, go_on.from.as_deref())?;
    let mut begin = Begin::new(core);
    let results = results_of(&job.entries, &kept);
    check_secret_state(names_after(&job.entries, &kept), &go_on.secret_state)?;
    let request = job.request.as_ref().map(|request| request.record.id);
    let replays = Event::JobReplays {
        job: Some(id),
        request,
    };
    begin.taken_over = vec![replays];
    let mut copies = Copies {
        of: begin.request_id,
        copies: Vec::new(),
    };
    let copied = results.into_iter().map(|result| copies.copied(result));
    begin.taken_over.extend(copied);
    begin.copies = copies.copies;
    begin.secret_state = go_on.secret_state;
    let input = recorded_input(core, &state).await?;
    let start = StartJob {
        flow_id: job.flow_id,
        version: job.version,
        trigger: TriggerKind::Replay,
        trigger_name: go_on.by,
        input,
        outputs: state.queued.and_then(|queued| queued.outputs),
        depth: go_on.depth,
    };
    start::begin(core, start, begin).await
}

/// Steps whose recorded results count: they ended well, or somebody handled how they ended, and none of the steps that
/// run again comes before them.
fn kept_steps(
    flow: &LoadedFlow,
    state: &JobState,
    from: Option<&str>,
) -> Result<BTreeSet<String>, StartError> {
    let plan = &flow.plan;
    let needed = plan.needed(
        state
            .queued
            .as_ref()
            .and_then(|queued| queued.outputs.as_deref()),
    );
    let mut again: Vec<bool> = Vec::with_capacity(plan.steps.len());
    for (place, step) in plan.steps.iter().enumerate() {
        again.push(match state.step_status(&step.name) {
            StepStatus::Complete | StepStatus::Skipped => false,
            StepStatus::Failed => !is_handled(plan, &needed, place),
            _ => true,
        });
    }
    if let Some(from) = from {
        let place = plan.place(from).ok_or_else(|| StartError::UnknownStep {
            step: from.to_owned(),
            known: plan.steps.iter().map(|step| step.name.clone()).collect(),
        })?;
        again[place] = true;
    }
    // What comes after a step that runs again runs again; circles are refused when a flow is published.
    let mut is_growing = true;
    while is_growing {
        is_growing = false;
        for (place, step) in plan.steps.iter().enumerate() {
            if !again[place] && step.edges.iter().any(|edge| again[edge.from]) {
                again[place] = true;
                is_growing = true;
            }
        }
    }
    let steps = plan.steps.iter().zip(again).filter(|(_, again)| !again);
    // A skipped step is skipped again by the same edges.
    let kept = steps.filter(|(step, _)| state.step_status(&step.name) != StepStatus::Skipped);
    Ok(kept.map(|(step, _)| step.name.clone()).collect())
}

/// The events that ended these steps, in order: memory that was saved later counts.
fn results_of<'a>(entries: &'a [JournalEntry], kept: &BTreeSet<String>) -> Vec<&'a Event> {
    let events = entries.iter().map(|entry| &entry.event);
    let of_kept = events.filter(|event| match event {
        Event::StepFinished { step, .. }
        | Event::StepCopied { step, .. }
        | Event::StepPinned { step, .. } => kept.contains(step),
        _ => false,
    });
    of_kept.collect()
}

/// Copies results, and notes which of their values lie apart.
struct Copies {
    of: RequestId,
    copies: Vec<(String, String)>,
}

impl Copies {
    fn copied(&mut self, result: &Event) -> Event {
        match result {
            Event::StepFinished {
                step,
                exit_code,
                data,
                error,
                memory,
                memory_removed,
                ..
            }
            | Event::StepCopied {
                step,
                exit_code,
                data,
                error,
                memory,
                memory_removed,
            } => {
                let memory = memory
                    .iter()
                    .map(|(name, value)| (name.clone(), self.value(value)));
                let memory: IndexMap<String, ValueRef> = memory.collect();
                Event::StepCopied {
                    step: step.clone(),
                    exit_code: exit_code.clone(),
                    data: self.value(data),
                    error: error.clone(),
                    memory,
                    memory_removed: memory_removed.clone(),
                }
            }
            Event::StepPinned {
                step,
                exit_code,
                data,
            } => Event::StepPinned {
                step: step.clone(),
                exit_code: exit_code.clone(),
                data: self.value(data),
            },
            other => other.clone(),
        }
    }

    /// The new job has its own copy: the earlier one may be deleted before it.
    fn value(&mut self, value: &ValueRef) -> ValueRef {
        match value {
            ValueRef::Inline(value) => ValueRef::Inline(value.clone()),
            ValueRef::Blob { id, bytes } => {
                let copy = format!("{}/copied/{}", self.of, self.copies.len());
                self.copies.push((id.clone(), copy.clone()));
                ValueRef::Blob {
                    id: copy,
                    bytes: *bytes,
                }
            }
        }
    }
}

fn folded(job: &StoredJob) -> Result<JobState, StartError> {
    fold(&job.entries).map_err(|error| StartError::BadRecord {
        job_id: job.id,
        reason: error.to_string(),
    })
}

async fn recorded_input(core: &Core, state: &JobState) -> Result<Option<Value>, StartError> {
    let input = state
        .queued
        .as_ref()
        .and_then(|queued| queued.input.as_ref());
    Ok(match input {
        None => None,
        Some(ValueRef::Inline(value)) => Some(value.clone()),
        Some(ValueRef::Blob { id, .. }) => {
            let text = core.ports.journal.blob(id).await?;
            let value = serde_json::from_slice(&text);
            Some(value.map_err(|error| StartError::BadInput {
                reason: format!("the recorded input cannot be read: {error}; give an edited one"),
            })?)
        }
    })
}

/// The names of the secret state that came with the call.
fn queued_names(entries: &[JournalEntry]) -> BTreeSet<String> {
    let names = entries.iter().filter_map(|entry| match &entry.event {
        Event::JobQueued { secret_state, .. } => Some(secret_state),
        _ => None,
    });
    names.flatten().cloned().collect()
}

/// The names of the secret state as it was after these steps.
fn names_after(entries: &[JournalEntry], kept: &BTreeSet<String>) -> BTreeSet<String> {
    let mut names = queued_names(entries);
    for entry in entries {
        if let Event::StepFinished {
            step,
            secret_state_put,
            secret_state_removed,
            ..
        } = &entry.event
            && kept.contains(step)
        {
            names.retain(|name| !secret_state_removed.contains(name));
            names.extend(secret_state_put.iter().cloned());
        }
    }
    names
}

fn check_secret_state(
    names: BTreeSet<String>,
    given: &Map<String, Value>,
) -> Result<(), StartError> {
    let missing: Vec<String> = names
        .into_iter()
        .filter(|name| !given.contains_key(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(StartError::SecretStateGone { names: missing })
}
