//! `POST /flows/{name}/run`

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRun;
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Starts a job of the published version. The answer comes once the job is on disk.
#[utoipa::path(post, path = "/flows/{name}/run", tag = "flows", security(("bearer" = ["run"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowRun,
    responses((status = 202, description = "The job is on disk", body = JobStarted)))]
pub(crate) async fn run_flow(
    _: CanRun,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_run): Body<FlowRun>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    Err(Error::unavailable())
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

/// The job that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobStarted {
    pub job_id: i64,
    pub request_id: String,
}
