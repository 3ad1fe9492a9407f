//! `GET /jobs/{id}`

use axum::extract::State;
use hookloom_model::JobId;

use super::detail::JobDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Numbered;
use crate::state::ApiState;

/// One job with its steps, outputs, memory and deliveries.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id")),
    responses((status = 200, description = "The job", body = JobDetail)))]
pub(crate) async fn get_job(
    _: CanRead,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<Answer<JobDetail>, Error> {
    super::detail::read(&state, JobId(id)).await.map(Answer)
}
