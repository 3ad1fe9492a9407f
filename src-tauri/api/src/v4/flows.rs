//! `/v4/flows/{id}/run`: a job for all outputs of a flow.

use axum::extract::State;
use hookloom_model::FlowId;
use http::StatusCode;

use super::job_groups::JobGroupStarted;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::run::start;
use crate::identity::CanRun;
use crate::input::Numbered;
use crate::state::ApiState;

/// Starts a job of a flow, named by its id.
#[utoipa::path(post, path = "/v4/flows/{id}/run", tag = "v4", security(("bearer" = ["run"])),
    params(("id" = i64, Path, description = "The flow's id")),
    responses((status = 201, description = "The job is on disk", body = JobGroupStarted)))]
pub(crate) async fn run_flow_by_id(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<(StatusCode, Answer<JobGroupStarted>), Error> {
    let name = state.store.flow_name(FlowId(id)).await;
    let name = name.or_missing(ErrorCode::FlowNotFound)?;
    let started = start(&state, &caller, &name, None, None).await?;
    Ok((StatusCode::CREATED, Answer(started.into())))
}
