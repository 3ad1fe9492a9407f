//! `POST /flows/{name}/run`

use axum::extract::State;
use hookloom_engine::{StartJob, StartedJob};
use hookloom_model::TriggerKind;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::{Caller, CanRun};
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Starts a job of the published version. The answer comes once the job is on disk.
#[utoipa::path(post, path = "/flows/{name}/run", tag = "flows", security(("bearer" = ["run"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowRun,
    responses((status = 202, description = "The job is on disk", body = JobStarted)))]
pub(crate) async fn run_flow(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(run): Body<FlowRun>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    let FlowRun { input, outputs } = run;
    let input = (!input.is_null()).then_some(input);
    let started = start(&state, &caller, &name, input, outputs).await?;
    Ok((StatusCode::ACCEPTED, Answer(started.into())))
}

/// Starts a job of the flow's published version.
pub(crate) async fn start(
    state: &ApiState,
    caller: &Caller,
    name: &str,
    input: Option<Value>,
    outputs: Option<Vec<String>>,
) -> Result<StartedJob, Error> {
    let flow = state
        .store
        .flow(name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let Some(version) = flow.version else {
        return Err(never_published(name));
    };
    let start = StartJob {
        flow_id: flow.id,
        version,
        trigger: if caller.is_owner() {
            TriggerKind::Manual
        } else {
            TriggerKind::Api
        },
        trigger_name: caller.name().to_owned(),
        input,
        outputs,
    };
    Ok(state.work.start_job(start).await?)
}

/// What to run with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct FlowRun {
    /// Becomes the body of the trigger: any JSON; null if it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub input: Value,
    /// The outputs to compute; all if it is left out.
    #[serde(default)]
    pub outputs: Option<Vec<String>>,
}

impl From<StartedJob> for JobStarted {
    fn from(started: StartedJob) -> Self {
        let StartedJob { job_id, request_id } = started;
        Self {
            job_id: job_id.0,
            request_id: request_id.to_string(),
        }
    }
}

/// The job that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobStarted {
    pub job_id: i64,
    pub request_id: String,
}

pub(crate) fn never_published(name: &str) -> Error {
    let message =
        format!("The flow `{name}` has no published version, so there is nothing to run.");
    Error::new(StatusCode::CONFLICT, ErrorCode::NotPublished, message)
        .hint(format!("Publish it first: `hookloom flow publish {name}`."))
}
