//! `POST /backups/{name}/restore` and `DELETE /backups/restore`

use axum::extract::State;
use hookloom_store::{cancel_restore, kept_backups};
use http::StatusCode;

use super::shape::{Backups, beside, shown};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanManage;
use crate::input::Named;
use crate::state::ApiState;

/// Begins a restore: the backup is unpacked and checked beside the present data. Then a program that can starts itself
/// anew with it; another one puts it in place at its next start. What is there now is moved aside and not deleted.
#[utoipa::path(post, path = "/backups/{name}/restore", tag = "backups", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The name of its file")),
    responses((status = 202, description = "It has begun", body = Backups)))]
pub(crate) async fn restore_backup(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<(StatusCode, Answer<Backups>), Error> {
    let kept = beside(&state, kept_backups).await?;
    if !kept.iter().any(|it| it.name == name) {
        return Err(Error::not_found(
            ErrorCode::BackupNotFound,
            format!("There is no backup `{name}`."),
        )
        .hint("`hookloom backup list` shows what there is."));
    }
    let staging = state.store.begin_restore(&name, state.clock.now_ms())?;
    let host = std::sync::Arc::clone(&state.host);
    tokio::spawn(async move {
        match staging.await {
            Ok(_) => host.restart(),
            Err(error) => tracing::warn!(%error, "a backup could not be restored"),
        }
    });
    let shown = shown(&state).await?;
    Ok((StatusCode::ACCEPTED, Answer(shown)))
}

/// Gives a restore up that waits for the next start.
#[utoipa::path(delete, path = "/backups/restore", tag = "backups", security(("bearer" = ["manage"])),
    responses((status = 200, description = "Nothing waits", body = Backups)))]
pub(crate) async fn cancel_waiting_restore(
    _: CanManage,
    State(state): State<ApiState>,
) -> Result<Answer<Backups>, Error> {
    beside(&state, cancel_restore).await?;
    shown(&state).await.map(Answer)
}
