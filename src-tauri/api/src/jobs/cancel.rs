//! `POST /jobs/{id}/cancel`

use axum::extract::State;
use hookloom_model::JobId;

use super::detail::JobDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRun;
use crate::input::Numbered;
use crate::state::ApiState;

/// Ends a job that is queued, running or waiting. The answer comes once its end is on disk: running attempts are
/// stopped, and webhook tasks for failures are sent. A job that was canceled already stays so; another one that has
/// ended is refused with `job_ended`.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", security(("bearer" = ["run"])),
    params(("id" = i64, Path, description = "The job's id")),
    responses((status = 200, description = "The job, canceled", body = JobDetail)))]
pub(crate) async fn cancel_job(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<Answer<JobDetail>, Error> {
    let id = JobId(id);
    state.work.cancel(id, caller.name().to_owned()).await?;
    super::detail::read(&state, id).await.map(Answer)
}
