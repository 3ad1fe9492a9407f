//! From a job's id to its task: reads the record, folds it, compiles the flow, and says what became of it.

use std::sync::Arc;

use hookloom_model::journal::RecordedError;
use hookloom_model::{JobId, JobStatus};
use tokio::sync::watch;

use super::cancel::{destroy_key, end_now};
use super::dispatcher::Left;
use super::job::{JobError, JobTask, Reached};
use crate::apply::{IllegalEvent, fold};
use crate::core::Core;
use crate::deliver::Nudge;
use crate::flow::FlowError;
use crate::handover::Handover;
use crate::ports::{JournalError, StoredJob};
use crate::record;
use crate::state::JobState;
use crate::values::JobValues;

/// The wait before a job is tried again that the database could not serve now.
const AGAIN_MS: i64 = 1_000;
/// The wait before a job is tried again that failed for another reason.
const AGAIN_LATER_MS: i64 = 30_000;

/// The error code of a job whose record cannot be followed.
const RECORD_DAMAGED: &str = "record_damaged";

/// Runs a job as far as it goes now.
pub(super) async fn run_job(
    core: Arc<Core>,
    deliveries: Nudge,
    job: Handover,
    stopping: watch::Receiver<bool>,
) -> Left {
    let id = job.job_id;
    if *stopping.borrow() {
        return Left::Nothing;
    }
    match open_and_run(&core, &deliveries, job, stopping).await {
        Ok(Reached::End | Reached::Stopped) => Left::Nothing,
        Ok(Reached::Waiting { until_ms }) => Left::Until(until_ms),
        Err(JobError::Illegal(error)) => park(&core, id, &error).await,
        Err(error) => after_failure(&core, id, &error),
    }
}

/// A record that cannot be followed does not mend itself: the job has failed, and says why.
async fn park(core: &Core, id: JobId, error: &IllegalEvent) -> Left {
    tracing::error!(job = %id, %error, "the job's record is damaged; it has failed");
    let message = format!(
        "the job's record is damaged, so nobody knows how it goes on: {error}; replay the job, and report this"
    );
    let fault = record::error(RECORD_DAMAGED, message);
    match core.ports.journal.park(id, fault, core.now_ms()).await {
        Ok(()) | Err(JournalError::NotFound { .. }) => Left::Nothing,
        Err(error) => {
            tracing::warn!(job = %id, %error, "a damaged job cannot be ended now");
            Left::Until(core.now_ms().saturating_add(AGAIN_LATER_MS))
        }
    }
}

async fn open_and_run(
    core: &Arc<Core>,
    deliveries: &Nudge,
    handover: Handover,
    stopping: watch::Receiver<bool>,
) -> Result<Reached, JobError> {
    let mut job = match handover.job {
        Some(job) => *job,
        None => core.ports.journal.load(handover.job_id).await?,
    };
    let state = fold(&job.entries)?;
    job.entries = Vec::new();
    core.ports.waiters.found(job.id, &state);
    if state.ended.is_some() {
        // Its end was committed, and what follows may have been missed. No key there is no error.
        destroy_key(core, &job).await;
        deliveries.nudge();
        return Ok(Reached::End);
    }
    let flow = match core.flows.load(&core.ports, job.flow_id, job.version).await {
        Ok(flow) => flow,
        Err(FlowError::Journal(error @ JournalError::NotFound { .. })) => {
            return fail(
                core,
                job,
                state,
                record::error("flow_version", error.to_string()),
            )
            .await;
        }
        Err(FlowError::Journal(error)) => return Err(error.into()),
        Err(FlowError::Broken { reason }) => {
            let message =
                format!("this version of the flow cannot run: {reason}; publish it again");
            return fail(core, job, state, record::error("flow_version", message)).await;
        }
    };
    let values = JobValues::new(core, Arc::clone(&flow), job);
    JobTask::new(Arc::clone(core), flow, values, state)
        .run(deliveries, stopping)
        .await
}

/// Ends a job whose flow version cannot run: nobody knows its steps or its webhook tasks.
async fn fail(
    core: &Core,
    job: StoredJob,
    state: JobState,
    error: RecordedError,
) -> Result<Reached, JobError> {
    end_now(core, job, state, JobStatus::Failed, error, None).await?;
    Ok(Reached::End)
}

fn after_failure(core: &Core, id: JobId, error: &JobError) -> Left {
    let again = |wait_ms| Left::Until(core.now_ms().saturating_add(wait_ms));
    match error {
        JobError::Journal(JournalError::NotFound { what }) => {
            tracing::warn!(job = %id, %what, "a job is gone");
            Left::Nothing
        }
        // Somebody else appended: what they wrote decides how the job goes on.
        JobError::Journal(JournalError::Conflict { .. }) => {
            tracing::warn!(job = %id, %error, "the job's task is dropped");
            again(AGAIN_MS)
        }
        JobError::Journal(JournalError::Unavailable { .. }) => {
            tracing::warn!(job = %id, %error, "the job waits for the database");
            again(AGAIN_MS)
        }
        JobError::Journal(JournalError::Internal(source)) => {
            tracing::error!(job = %id, %error, %source, "the job waits for the database");
            again(AGAIN_LATER_MS)
        }
        JobError::Key(error) => {
            tracing::error!(job = %id, %error, "the job waits for its key");
            again(AGAIN_LATER_MS)
        }
        // Whoever calls this has parked such a job.
        JobError::Illegal(_) => Left::Nothing,
    }
}
