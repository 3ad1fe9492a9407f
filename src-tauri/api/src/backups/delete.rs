//! `DELETE /backups/{name}`

use axum::extract::State;

use super::shape::{Backups, shown};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing as _;
use crate::identity::CanManage;
use crate::input::Named;
use crate::state::ApiState;

/// Deletes a backup.
#[utoipa::path(delete, path = "/backups/{name}", tag = "backups", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The name of its file")),
    responses((status = 200, description = "It is gone", body = Backups)))]
pub(crate) async fn delete_backup(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<Answer<Backups>, Error> {
    let deleted = state.store.delete_backup(&name).await;
    deleted.or_missing(ErrorCode::BackupNotFound)?;
    shown(&state).await.map(Answer)
}
