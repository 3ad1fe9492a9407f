//! `POST /requests/{id}/replay`

use axum::extract::State;
use hookloom_engine::Replayed;
use hookloom_model::Verdict;
use http::StatusCode;

use super::get::id_of;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::run::JobStarted;
use crate::identity::CanRun;
use crate::input::{Body, Named};
use crate::jobs::replay::{ReplayOptions, ReplayVersion, flow_of, published};
use crate::state::ApiState;

/// Starts a job with the headers and the body of a request. One that was held begins its job with this.
#[utoipa::path(post, path = "/requests/{id}/replay", tag = "requests", security(("bearer" = ["run"])),
    params(("id" = String, Path, description = "The request's id, `mqr_…`")),
    request_body = ReplayOptions,
    responses((status = 202, description = "The new job is on disk", body = JobStarted)))]
pub(crate) async fn replay_request(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Named(id): Named,
    Body(options): Body<ReplayOptions>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    let id = id_of(&id)?;
    let row = state
        .store
        .request_row(id)
        .await
        .or_missing(ErrorCode::RequestNotFound)?;
    if row.verdict == Verdict::Rejected {
        let message =
            "The request was rejected: what was wrong with it would be wrong in a job too.";
        return Err(
            Error::new(StatusCode::CONFLICT, ErrorCode::ReplayRefused, message)
                .hint("Start a job with an input of your own: `hookloom run NAME --input FILE`."),
        );
    }
    let flow = flow_of(&state, &row.flow, row.flow_id).await?;
    // What came with the call is asked for by the names that its job has recorded.
    let original = match row.job_id {
        Some(job_id) => Some(state.store.job(job_id).await?),
        None => None,
    };
    let version = match (options.version, &original) {
        (None | Some(ReplayVersion::Original), Some(job)) => job.version,
        (None | Some(ReplayVersion::Published), _) => published(&flow)?,
        (Some(ReplayVersion::Original), None) => {
            let message = "The request began no job, so it has no original version.";
            return Err(
                Error::new(StatusCode::CONFLICT, ErrorCode::ReplayRefused, message)
                    .hint("Replay it on the published version."),
            );
        }
    };
    let of = match &original {
        Some(job) => Replayed::Job(job.id),
        None => Replayed::Request(id),
    };
    let replay = options.replay(of, version, &caller);
    let started = state.work.replay(replay).await?;
    Ok((StatusCode::ACCEPTED, Answer(started.into())))
}
