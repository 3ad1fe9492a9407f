//! Ends jobs before their time: one that somebody cancels, and one whose flow version cannot run.
//!
//! Works on a job that has no task: the dispatcher ends the task first. What was under way then is as after a crash,
//! except that it is recorded as canceled. An answer means that the end is on disk.

use std::sync::Arc;

use hookloom_model::journal::{Event, RecordedError};
use hookloom_model::{JobId, JobStatus};
use tokio::sync::oneshot;

use super::batch::Batch;
use super::dispatcher::Left;
use super::finish;
use super::job::JobError;
use crate::answers::News;
use crate::apply::fold;
use crate::core::Core;
use crate::deliver::Nudge;
use crate::flow::LoadedFlow;
use crate::ports::{JournalError, StoredJob};
use crate::record;
use crate::state::JobState;

/// How often a cancel is offered to a database that cannot take it, before its caller hears of it.
const CANCEL_TRIES_MAX: u32 = 8;
/// The wait between two of them.
const CANCEL_WAIT_MS: i64 = 500;

/// Why a job was not canceled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// It has ended by itself.
    #[error("job {job_id} has ended as {status} and cannot be canceled any more")]
    Ended {
        /// Whose end.
        job_id: JobId,
        /// How it ended.
        status: JobStatus,
    },
    /// The journal failed, there is no such job, or Hookloom stops.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Somebody waits for the end of a job.
pub(super) struct Cancel {
    pub id: JobId,
    /// Who cancels it, for the record.
    pub by: String,
    pub answer: oneshot::Sender<Result<(), CancelError>>,
}

/// Ends the job and answers all who asked for it. A job that could not be ended goes on.
pub(super) async fn cancel_job(
    core: Arc<Core>,
    deliveries: Nudge,
    id: JobId,
    asked: Vec<Cancel>,
) -> Left {
    let by = asked.first().map_or("", |cancel| cancel.by.as_str());
    let mut left = Left::Nothing;
    let mut tries = 0;
    let result = loop {
        tries += 1;
        match end_as_canceled(&core, id, by).await {
            // What was under way when the job's task was dropped may have been written meanwhile: look again.
            Err(
                error @ JobError::Journal(
                    JournalError::Conflict { .. } | JournalError::Unavailable { .. },
                ),
            ) if tries < CANCEL_TRIES_MAX => {
                tracing::debug!(job = %id, %error, "a cancel is offered again");
                let at_ms = core.now_ms().saturating_add(CANCEL_WAIT_MS);
                core.ports.clock.sleep_until_ms(at_ms).await;
            }
            other => break other,
        }
    };
    match &result {
        Ok(_) => deliveries.nudge(),
        Err(error) => {
            tracing::warn!(job = %id, %error, "a job could not be canceled");
            left = Left::Until(core.now_ms());
        }
    }
    let mut result = Some(result);
    for cancel in asked {
        let answer = match &mut result {
            Some(Ok(status)) if *status == JobStatus::Canceled => Ok(()),
            Some(Ok(status)) => Err(CancelError::Ended {
                job_id: id,
                status: *status,
            }),
            failed => Err(failed
                .take()
                .and_then(Result::err)
                .map_or_else(not_now, failure)),
        };
        // Nobody waits any more: the job is canceled all the same.
        let _ = cancel.answer.send(answer);
    }
    left
}

fn failure(error: JobError) -> CancelError {
    CancelError::Journal(match error {
        JobError::Journal(error) => error,
        other => JournalError::Internal(other.into()),
    })
}

fn not_now() -> CancelError {
    let reason = "the job could not be canceled now; try again".to_owned();
    CancelError::Journal(JournalError::Unavailable { reason })
}

/// Gives how the job has ended.
async fn end_as_canceled(core: &Core, id: JobId, by: &str) -> Result<JobStatus, JobError> {
    let job = core.ports.journal.load(id).await?;
    let state = fold(&job.entries)?;
    if let Some(ended) = &state.ended {
        // Its task may have been dropped between the commit of its end and what follows from it.
        core.ports.waiters.committed(&News::ended(id));
        destroy_key(core, &job).await;
        return Ok(ended.status);
    }
    // Without its version nobody knows the job's webhook tasks; it can be canceled all the same.
    let flow = core
        .flows
        .load(&core.ports, job.flow_id, job.version)
        .await
        .ok();
    let error = record::error("canceled", format!("it was canceled by {by}"));
    end_now(
        core,
        job,
        state,
        JobStatus::Canceled,
        error,
        flow.as_deref(),
    )
    .await?;
    Ok(JobStatus::Canceled)
}

/// Ends a job as it is on disk. Steps that have not ended are stopped with it.
pub(super) async fn end_now(
    core: &Core,
    job: StoredJob,
    mut state: JobState,
    status: JobStatus,
    error: RecordedError,
    flow: Option<&LoadedFlow>,
) -> Result<(), JobError> {
    let mut batch = Batch::default();
    let at_ms = core.now_ms();
    for step in open_steps(&state, flow) {
        batch.push(&mut state, at_ms, Event::StepCanceled { step })?;
    }
    let finished = Event::JobFinished {
        status,
        error: Some(error),
    };
    batch.push(&mut state, at_ms, finished)?;
    if let Some(flow) = flow {
        batch.deliver(finish::deliveries(core, flow, &state));
    }
    if job.secret_state.is_some() {
        batch.delete_secret_state();
    }
    core.ports
        .journal
        .commit(batch.take(job.id, &state))
        .await?;
    destroy_key(core, &job).await;
    Ok(())
}

/// Ends the key of a job that has ended. None there is no error.
pub(super) async fn destroy_key(core: &Core, job: &StoredJob) {
    if let Err(error) = core.ports.job_keys.destroy(job.request_id).await {
        tracing::warn!(job = %job.id, %error, "the job's key stays until the next start");
    }
}

/// Steps that have not ended: those of the flow, or where nobody knows it those of which something is recorded.
fn open_steps(state: &JobState, flow: Option<&LoadedFlow>) -> Vec<String> {
    let open = |name: &String| !state.step_status(name).is_final();
    match flow {
        Some(flow) => {
            let names = flow.plan.steps.iter().map(|step| &step.name);
            names.filter(|name| open(name)).cloned().collect()
        }
        None => state
            .steps
            .keys()
            .filter(|name| open(name))
            .cloned()
            .collect(),
    }
}
