//! `/v4/jobGroups`: a job for one output, and how it stands.

use axum::extract::State;
use hookloom_engine::StartedJob;
use hookloom_model::{JobId, JobStatus, OutputId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::run::start;
use crate::identity::{CanRead, CanRun};
use crate::input::{Body, Numbered};
use crate::named::named;
use crate::state::ApiState;
use crate::time::At;

/// Starts a job that computes one output, named by its id.
#[utoipa::path(post, path = "/v4/jobGroups", tag = "v4", security(("bearer" = ["run"])),
    request_body = JobGroupStart,
    responses((status = 201, description = "The job is on disk", body = JobGroupStarted)))]
pub(crate) async fn create_job_group(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Body(body): Body<JobGroupStart>,
) -> Result<(StatusCode, Answer<JobGroupStarted>), Error> {
    let id = OutputId(body.wrangled_dataset.id);
    let output = state.store.output(id).await;
    let output = output.or_missing(ErrorCode::OutputUnknown)?;
    let started = start(
        &state,
        &caller,
        &output.flow,
        None,
        Some(vec![output.name.clone()]),
    )
    .await?;
    Ok((StatusCode::CREATED, Answer(started.into())))
}

/// A job.
#[utoipa::path(get, path = "/v4/jobGroups/{id}", tag = "v4", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id")),
    responses((status = 200, description = "The job", body = JobGroup)))]
pub(crate) async fn get_job_group(
    _: CanRead,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<Answer<JobGroup>, Error> {
    let job = state.store.job(JobId(id)).await;
    let job = job.or_missing(ErrorCode::JobNotFound)?;
    Ok(Answer(JobGroup {
        id,
        status: job.status.into(),
        created_at: At::from_ms(job.queued_at_ms),
        started_at: job.started_at_ms.map(At::from_ms),
        ended_at: job.ended_at_ms.map(At::from_ms),
        flow: JobGroupFlow { id: job.flow_id.0 },
    }))
}

/// How a job stands, as a JSON string.
#[utoipa::path(get, path = "/v4/jobGroups/{id}/status", tag = "v4", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id")),
    responses((status = 200, description = "How it stands", body = JobGroupStatus)))]
pub(crate) async fn get_job_group_status(
    _: CanRead,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<Answer<JobGroupStatus>, Error> {
    let job = state.store.job(JobId(id)).await;
    let job = job.or_missing(ErrorCode::JobNotFound)?;
    Ok(Answer(job.status.into()))
}

/// What to compute. Other keys are left alone: scripts send some that mean nothing here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobGroupStart {
    pub wrangled_dataset: WrangledDataset,
}

/// An output by its id.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WrangledDataset {
    /// As `hookloom flow list --json` and the page of the output show it.
    pub id: i64,
}

/// The job that was started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobGroupStarted {
    /// The job's id.
    pub id: i64,
    /// The id of the call: `mqr_…`.
    pub session_id: String,
    /// `JobStarted`
    pub reason: String,
    pub jobs: JobGroupJobs,
}

impl From<StartedJob> for JobGroupStarted {
    fn from(started: StartedJob) -> Self {
        let StartedJob { job_id, request_id } = started;
        Self {
            id: job_id.0,
            session_id: request_id.to_string(),
            reason: "JobStarted".to_owned(),
            jobs: JobGroupJobs {
                data: vec![JobGroupJob { id: job_id.0 }],
            },
        }
    }
}

/// Its jobs: one.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobGroupJobs {
    pub data: Vec<JobGroupJob>,
}

/// A job by its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobGroupJob {
    pub id: i64,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobGroup {
    pub id: i64,
    pub status: JobGroupStatus,
    pub created_at: At,
    pub started_at: Option<At>,
    pub ended_at: Option<At>,
    pub flow: JobGroupFlow,
}

/// A flow by its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobGroupFlow {
    pub id: i64,
}

named!(
    /// How a job stands.
    JobGroupStatus {
        Created = "Created", InProgress = "InProgress", Complete = "Complete", Failed = "Failed",
        Canceled = "Canceled",
    }
);

impl From<JobStatus> for JobGroupStatus {
    fn from(status: JobStatus) -> Self {
        match status {
            JobStatus::Queued => Self::Created,
            JobStatus::Running | JobStatus::Waiting => Self::InProgress,
            JobStatus::Complete => Self::Complete,
            JobStatus::Failed | JobStatus::TimedOut => Self::Failed,
            JobStatus::Canceled => Self::Canceled,
        }
    }
}
