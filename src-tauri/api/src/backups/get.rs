//! `GET /backups`

use axum::extract::State;

use super::shape::{Backups, shown};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::state::ApiState;

/// Every backup in the data folder, the newest first; what is under way; and the schedule.
#[utoipa::path(get, path = "/backups", tag = "backups", security(("bearer" = ["read"])),
    responses((status = 200, description = "How it stands", body = Backups)))]
pub(crate) async fn list_backups(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Backups>, Error> {
    shown(&state).await.map(Answer)
}
