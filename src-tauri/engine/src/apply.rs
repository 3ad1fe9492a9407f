//! The one transition function: used live and in recovery.
//!
//! Decides nothing. An event that does not fit the state is a value, not a panic, and leaves the state as it was.

use std::collections::HashSet;

use hookloom_model::journal::{Event, JournalEntry, RecordedError, ValueRef};
use hookloom_model::{JobStatus, StepExecutionId, StepStatus};
use indexmap::map::Entry;

use crate::state::{Ended, JobState, Queued, Replays, StepState, Trial};

/// An event that cannot follow what is recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} of the journal, {event}, cannot follow: {reason}")]
pub struct IllegalEvent {
    /// The entry's place.
    pub seq: u64,
    /// The event's kind.
    pub event: &'static str,
    /// What is in the way.
    pub reason: Misfit,
}

/// Why an event cannot follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// An entry is missing, or there twice.
    #[error("entry {next} was next")]
    Order {
        /// The entry that would fit.
        next: u64,
    },
    /// What the job is does not allow it.
    #[error("{0}")]
    Job(&'static str),
    /// The last word on a job was spoken.
    #[error("the job has ended as {0}")]
    Ended(JobStatus),
    /// A job that ends as something that is no end.
    #[error("{0} is no end of a job")]
    NoEnd(JobStatus),
    /// What the step is does not allow it.
    #[error("the step is {status} after attempt {attempt}")]
    Step {
        /// What it is.
        status: StepStatus,
        /// Its last attempt.
        attempt: u32,
    },
    /// An attempt under another idempotency key than the first.
    #[error("the step's execution is {0}")]
    Execution(StepExecutionId),
}

/// Folds one entry into the state.
pub fn apply(state: &mut JobState, entry: &JournalEntry) -> Result<(), IllegalEvent> {
    let illegal = |reason: Misfit| IllegalEvent {
        seq: entry.seq,
        event: kind(&entry.event),
        reason,
    };
    if entry.seq != state.seq_next {
        return Err(illegal(Misfit::Order {
            next: state.seq_next,
        }));
    }
    check_job(state, &entry.event).map_err(illegal)?;
    match step_of(&entry.event) {
        Some(step) => {
            check_step(state.steps.get(step), &entry.event).map_err(illegal)?;
            count_time(state, entry);
            change_step(state, step, entry);
        }
        None => {
            count_time(state, entry);
            change_job(state, entry);
        }
    }
    state.seq_next += 1;
    Ok(())
}

/// Folds a journal from its beginning.
pub fn fold(entries: &[JournalEntry]) -> Result<JobState, IllegalEvent> {
    let mut state = JobState::default();
    for entry in entries {
        apply(&mut state, entry)?;
    }
    Ok(state)
}

/// Folds a journal as far as it can be followed: for people who look at a damaged one.
pub fn fold_sound(entries: &[JournalEntry]) -> JobState {
    let mut state = JobState::default();
    for entry in entries {
        if apply(&mut state, entry).is_err() {
            break;
        }
    }
    state
}

/// Time counts while an attempt is under way. Before an interruption nobody knows until when Hookloom ran,
/// so the stretch that it ends does not count.
fn count_time(state: &mut JobState, entry: &JournalEntry) {
    if state.running > 0 && !matches!(entry.event, Event::StepInterrupted { .. }) {
        let since = entry.at_ms.saturating_sub(state.last_at_ms).max(0);
        state.active_ms = state.active_ms.saturating_add(since);
    }
    state.last_at_ms = entry.at_ms;
}

fn check_job(state: &JobState, event: &Event) -> Result<(), Misfit> {
    if let Some(ended) = &state.ended {
        return Err(Misfit::Ended(ended.status));
    }
    let is_queued = state.queued.is_some();
    let is_started = state.started_at_ms.is_some();
    match event {
        Event::JobQueued { .. } if is_queued => Err(Misfit::Job("the job is queued already")),
        Event::JobQueued { .. } => Ok(()),
        _ if !is_queued => Err(Misfit::Job("the job was never queued")),
        Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::StepCopied { .. }
        | Event::StepPinned { .. }
            if is_started =>
        {
            Err(Misfit::Job("the job has started"))
        }
        Event::JobReplays { .. } if state.replays.is_some() => {
            Err(Misfit::Job("it is known already what the job runs again"))
        }
        Event::JobTries { .. } if state.trial.is_some() => Err(Misfit::Job(
            "it is known already that the job tries a draft",
        )),
        Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::StepCopied { .. }
        | Event::StepPinned { .. } => Ok(()),
        Event::JobStarted {} if is_started => Err(Misfit::Job("the job has started already")),
        Event::JobStarted {} => Ok(()),
        Event::JobFinished { status, .. } if !status.is_final() => Err(Misfit::NoEnd(*status)),
        Event::JobFinished { .. } if state.running > 0 => {
            Err(Misfit::Job("attempts of steps are under way"))
        }
        Event::JobFinished { .. } => Ok(()),
        // A job can be canceled before it has started, and its steps with it.
        Event::StepCanceled { .. } => Ok(()),
        _ if !is_started => Err(Misfit::Job("the job has not started")),
        _ => Ok(()),
    }
}

fn check_step(step: Option<&StepState>, event: &Event) -> Result<(), Misfit> {
    let pending = StepState::default();
    let step = step.unwrap_or(&pending);
    let must = |fits: bool| {
        if fits {
            Ok(())
        } else {
            Err(Misfit::Step {
                status: step.status,
                attempt: step.attempt,
            })
        }
    };
    let running = |attempt: u32| step.status == StepStatus::Running && step.attempt == attempt;
    let may_start =
        matches!(step.status, StepStatus::Pending | StepStatus::Waiting) && !step.is_delayed;
    match event {
        Event::StepStarted {
            execution, attempt, ..
        } => {
            must(may_start && *attempt == step.attempt + 1)?;
            match step.execution {
                Some(first) if first != *execution => Err(Misfit::Execution(first)),
                _ => Ok(()),
            }
        }
        Event::StepRetrying { attempt, .. } | Event::StepInterrupted { attempt, .. } => {
            must(running(*attempt))
        }
        Event::StepWaiting { attempt, .. } => must(running(*attempt)),
        Event::StepFinished { attempt, .. } => must(
            running(*attempt)
                || (step.status == StepStatus::Waiting
                    && (step.interrupted_in_row > 0 || step.is_delayed)
                    && step.attempt == *attempt),
        ),
        Event::StepPostponed { .. } => must(may_start),
        Event::StepCopied { .. } | Event::StepPinned { .. } | Event::StepSkipped { .. } => {
            must(step.status == StepStatus::Pending)
        }
        Event::StepCanceled { .. } => must(!step.status.is_final()),
        Event::JobQueued { .. }
        | Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::JobStarted {}
        | Event::JobFinished { .. } => Ok(()),
    }
}

fn change_job(state: &mut JobState, entry: &JournalEntry) {
    match &entry.event {
        Event::JobQueued {
            trigger,
            trigger_name,
            outputs,
            input,
            secret_state,
            depth,
        } => {
            state.queued = Some(Queued {
                at_ms: entry.at_ms,
                trigger: *trigger,
                trigger_name: trigger_name.clone(),
                outputs: outputs.clone(),
                input: input.clone(),
                depth: *depth,
            });
            state.secret_state.clone_from(secret_state);
        }
        Event::JobReplays { job, request } => {
            state.replays = Some(Replays {
                job: *job,
                request: *request,
            });
        }
        Event::JobTries {
            send_tasks,
            headers,
            query,
        } => {
            state.trial = Some(Trial {
                send_tasks: *send_tasks,
                headers: headers.clone(),
                query: query.clone(),
            });
        }
        Event::JobStarted {} => state.started_at_ms = Some(entry.at_ms),
        Event::JobFinished { status, error } => {
            state.ended = Some(Ended {
                at_ms: entry.at_ms,
                status: *status,
                error: error.clone(),
            });
            state.secret_state.clear();
        }
        _ => {}
    }
}

fn change_step(state: &mut JobState, name: &str, entry: &JournalEntry) {
    let step = match state.steps.entry(name.to_owned()) {
        Entry::Occupied(step) => step.into_mut(),
        Entry::Vacant(place) => place.insert(StepState::default()),
    };
    let was_running = step.status == StepStatus::Running;
    change(step, entry);
    let is_running = step.status == StepStatus::Running;
    state.running = state.running + usize::from(is_running) - usize::from(was_running);
    change_memory(state, &entry.event);
    if let Event::StepFinished {
        secret_state_put,
        secret_state_removed,
        ..
    } = &entry.event
    {
        let gone: HashSet<&String> = secret_state_removed.iter().collect();
        state.secret_state.retain(|name| !gone.contains(name));
        let known: HashSet<String> = state.secret_state.iter().cloned().collect();
        let new = secret_state_put
            .iter()
            .filter(|name| !known.contains(*name));
        state.secret_state.extend(new.cloned());
    }
}

fn change_memory(state: &mut JobState, event: &Event) {
    if let Event::StepFinished {
        memory,
        memory_removed,
        ..
    }
    | Event::StepCopied {
        memory,
        memory_removed,
        ..
    } = event
    {
        // Names come from whoever answered a call, as many as fit into an answer.
        let gone: HashSet<&String> = memory_removed.iter().collect();
        state.memory.retain(|name, _| !gone.contains(name));
        for (name, value) in memory {
            state.memory.insert(name.clone(), value.clone());
        }
    }
}

fn change(step: &mut StepState, entry: &JournalEntry) {
    match &entry.event {
        Event::StepStarted {
            execution, attempt, ..
        } => {
            step.status = StepStatus::Running;
            step.execution = Some(*execution);
            step.attempt = *attempt;
            step.retry_at_ms = None;
            step.postponed_in_row = 0;
            step.error = None;
        }
        Event::StepRetrying {
            error, retry_at_ms, ..
        } => {
            step.status = StepStatus::Waiting;
            step.failed_attempts += 1;
            step.interrupted_in_row = 0;
            step.retry_at_ms = Some(*retry_at_ms);
            step.error = Some(error.clone());
        }
        Event::StepPostponed {
            error, retry_at_ms, ..
        } => {
            step.status = StepStatus::Waiting;
            step.postponed_in_row += 1;
            step.retry_at_ms = Some(*retry_at_ms);
            step.error = Some(error.clone());
        }
        Event::StepWaiting { until_ms, .. } => {
            step.status = StepStatus::Waiting;
            step.is_delayed = true;
            step.interrupted_in_row = 0;
            step.retry_at_ms = Some(*until_ms);
        }
        Event::StepInterrupted { .. } => {
            step.status = StepStatus::Waiting;
            step.interrupted_in_row += 1;
            step.retry_at_ms = Some(entry.at_ms);
        }
        Event::StepFinished {
            exit_code,
            data,
            error,
            ..
        } => finish(step, exit_code, data, error.as_ref(), entry.seq),
        Event::StepCopied {
            exit_code,
            data,
            error,
            ..
        } => finish(step, exit_code, data, error.as_ref(), entry.seq),
        Event::StepPinned {
            exit_code, data, ..
        } => {
            finish(step, exit_code, data, None, entry.seq);
            step.is_pinned = true;
        }
        Event::StepSkipped { .. } => end(step, StepStatus::Skipped, entry.seq),
        Event::StepCanceled { .. } => end(step, StepStatus::Canceled, entry.seq),
        Event::JobQueued { .. }
        | Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::JobStarted {}
        | Event::JobFinished { .. } => {}
    }
}

fn finish(
    step: &mut StepState,
    exit_code: &str,
    data: &ValueRef,
    error: Option<&RecordedError>,
    seq: u64,
) {
    let status = if exit_code == "error" {
        StepStatus::Failed
    } else {
        StepStatus::Complete
    };
    end(step, status, seq);
    step.exit_code = Some(exit_code.to_owned());
    step.data = Some(data.clone());
    step.error = error.cloned();
}

fn end(step: &mut StepState, status: StepStatus, seq: u64) {
    step.status = status;
    step.retry_at_ms = None;
    step.is_delayed = false;
    step.ended_seq = Some(seq);
}

fn step_of(event: &Event) -> Option<&str> {
    match event {
        Event::JobQueued { .. }
        | Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::JobStarted {}
        | Event::JobFinished { .. } => None,
        Event::StepStarted { step, .. }
        | Event::StepRetrying { step, .. }
        | Event::StepPostponed { step, .. }
        | Event::StepInterrupted { step, .. }
        | Event::StepWaiting { step, .. }
        | Event::StepFinished { step, .. }
        | Event::StepCopied { step, .. }
        | Event::StepPinned { step, .. }
        | Event::StepSkipped { step }
        | Event::StepCanceled { step } => Some(step),
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::JobQueued { .. } => "job_queued",
        Event::JobReplays { .. } => "job_replays",
        Event::JobTries { .. } => "job_tries",
        Event::StepCopied { .. } => "step_copied",
        Event::StepPinned { .. } => "step_pinned",
        Event::JobStarted {} => "job_started",
        Event::StepStarted { .. } => "step_started",
        Event::StepRetrying { .. } => "step_retrying",
        Event::StepPostponed { .. } => "step_postponed",
        Event::StepInterrupted { .. } => "step_interrupted",
        Event::StepWaiting { .. } => "step_waiting",
        Event::StepFinished { .. } => "step_finished",
        Event::StepSkipped { .. } => "step_skipped",
        Event::StepCanceled { .. } => "step_canceled",
        Event::JobFinished { .. } => "job_finished",
    }
}
