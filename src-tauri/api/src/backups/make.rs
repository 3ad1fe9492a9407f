//! `POST /backups`

use axum::extract::State;
use hookloom_store::{BackupOrder, BackupReason};
use http::StatusCode;

use super::shape::{Backups, shown};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::state::ApiState;

/// Begins a backup. Everything goes on meanwhile; `running` says how far it is, and `last_failure` why there is none.
#[utoipa::path(post, path = "/backups", tag = "backups", security(("bearer" = ["manage"])),
    responses((status = 202, description = "It has begun", body = Backups)))]
pub(crate) async fn make_backup(
    _: CanManage,
    State(state): State<ApiState>,
) -> Result<(StatusCode, Answer<Backups>), Error> {
    let making = state.store.begin_backup(BackupOrder {
        reason: BackupReason::Manual,
        keep: None,
        now_ms: state.clock.now_ms(),
    })?;
    tokio::spawn(async move {
        if let Err(error) = making.await {
            tracing::warn!(%error, "a backup could not be made");
        }
    });
    let shown = shown(&state).await?;
    Ok((StatusCode::ACCEPTED, Answer(shown)))
}
