//! `POST /jobs/{id}/replay`

use axum::extract::State;
use hookloom_engine::{Replay, Replayed};
use hookloom_model::{FlowId, JobId};
use hookloom_store::FlowRecord;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::run::{JobStarted, never_published};
use crate::identity::{Caller, CanRun};
use crate::input::{Body, Numbered};
use crate::state::ApiState;

/// Starts a new job with the same input, or an edited one, on the version of the earlier job or on today's.
#[utoipa::path(post, path = "/jobs/{id}/replay", tag = "jobs", security(("bearer" = ["run"])),
    params(("id" = i64, Path, description = "The job's id")),
    request_body = ReplayOptions,
    responses((status = 202, description = "The new job is on disk", body = JobStarted)))]
pub(crate) async fn replay_job(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
    Body(options): Body<ReplayOptions>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    let id = JobId(id);
    let job = state
        .store
        .job(id)
        .await
        .or_missing(ErrorCode::JobNotFound)?;
    let flow = flow_of(&state, &job.flow, job.flow_id).await?;
    let version = match options.version.unwrap_or(ReplayVersion::Original) {
        ReplayVersion::Original => job.version,
        ReplayVersion::Published => published(&flow)?,
    };
    let replay = options.replay(Replayed::Job(id), version, &caller);
    let started = state.work.replay(replay).await?;
    Ok((StatusCode::ACCEPTED, Answer(started.into())))
}

/// What to run again, and with what. The input may hold secret state: there is no `Debug`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplayOptions {
    /// `original` if it is left out; a request that began no job has the published one.
    pub version: Option<ReplayVersion>,
    /// An edited input: any JSON. Left out, the recorded one is taken again. For a request it has the place of the
    /// body; headers and query stay as they came.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Value)]
    pub input: Option<Value>,
    /// The outputs to compute; those of the earlier job if it is left out.
    pub outputs: Option<Vec<String>>,
    /// Secret state by name. What came with the call is gone since the end of the earlier job.
    #[schema(value_type = Object)]
    pub secret_state: Map<String, Value>,
}

/// Which version of the flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayVersion {
    /// The one of the earlier job.
    Original,
    /// The one that is published now.
    Published,
}

impl ReplayOptions {
    pub(crate) fn replay(self, of: Replayed, version: i64, by: &Caller) -> Replay {
        let Self {
            version: _,
            input,
            outputs,
            secret_state,
        } = self;
        Replay {
            of,
            version,
            by: by.name().to_owned(),
            input,
            outputs,
            secret_state,
            depth: by.depth(),
        }
    }
}

/// The flow of something earlier, if it was not deleted since.
pub(crate) async fn flow_of(state: &ApiState, name: &str, id: FlowId) -> Result<FlowRecord, Error> {
    let flow = match state.store.flow(name).await {
        Ok(flow) => Some(flow),
        Err(hookloom_store::Error::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    flow.filter(|flow| flow.id == id).ok_or_else(|| {
        let message = format!("The flow `{name}` was deleted, so nothing of it can run again.");
        Error::new(StatusCode::CONFLICT, ErrorCode::ReplayRefused, message)
            .hint("Import the flow again and run it with the recorded input.")
    })
}

pub(crate) fn published(flow: &FlowRecord) -> Result<i64, Error> {
    flow.version.ok_or_else(|| never_published(&flow.name))
}

/// Null is an input too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
