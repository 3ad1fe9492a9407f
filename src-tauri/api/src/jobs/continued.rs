//! `POST /jobs/{id}/continue`

use axum::extract::State;
use hookloom_engine::Continue;
use hookloom_model::JobId;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::replay::flow_of;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::run::JobStarted;
use crate::identity::CanRun;
use crate::input::{Body, Numbered};
use crate::state::ApiState;

/// Starts a new job of the same version that takes over the recorded results of the steps that ended well. The step
/// that failed runs again, and everything after it.
#[utoipa::path(post, path = "/jobs/{id}/continue", tag = "jobs", security(("bearer" = ["run"])),
    params(("id" = i64, Path, description = "The job's id")),
    request_body = ContinueOptions,
    responses((status = 202, description = "The new job is on disk", body = JobStarted)))]
pub(crate) async fn continue_job(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
    Body(options): Body<ContinueOptions>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    let job_id = JobId(id);
    let job = state
        .store
        .job(job_id)
        .await
        .or_missing(ErrorCode::JobNotFound)?;
    flow_of(&state, &job.flow, job.flow_id).await?;
    let ContinueOptions { from, secret_state } = options;
    let go_on = Continue {
        job_id,
        from,
        by: caller.name().to_owned(),
        secret_state,
        depth: caller.depth(),
    };
    let started = state.work.continue_job(go_on).await?;
    Ok((StatusCode::ACCEPTED, Answer(started.into())))
}

/// Where to go on. It may hold secret state: there is no `Debug`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContinueOptions {
    /// The first step to run again; every step that did not end well if it is left out.
    pub from: Option<String>,
    /// Secret state by name. What the earlier job had is gone since its end.
    #[schema(value_type = Object)]
    pub secret_state: Map<String, Value>,
}
