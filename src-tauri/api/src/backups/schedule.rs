//! `PUT /backups/schedule`

use axum::extract::State;
use hookloom_store::BackupSchedule as StoredSchedule;
use http::StatusCode;

use super::shape::{BackupSchedule, Backups, shown};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanManage;
use crate::input::Body;
use crate::state::ApiState;

/// More are no help, and fill disks.
const KEEP_MAX: u32 = 365;

/// Sets how often a backup is made by itself, and how many of those are kept. The first comes within a minute.
#[utoipa::path(put, path = "/backups/schedule", tag = "backups", security(("bearer" = ["manage"])),
    request_body = BackupSchedule,
    responses((status = 200, description = "Set", body = Backups)))]
pub(crate) async fn set_backup_schedule(
    _: CanManage,
    State(state): State<ApiState>,
    Body(given): Body<BackupSchedule>,
) -> Result<Answer<Backups>, Error> {
    let BackupSchedule { every, keep } = given;
    let schedule = StoredSchedule {
        every: every.into(),
        keep,
    };
    check(schedule)?;
    state.store.set_backup_schedule(schedule).await?;
    shown(&state).await.map(Answer)
}

/// Refuses a number of backups that nobody keeps.
pub(crate) fn check(schedule: StoredSchedule) -> Result<(), Error> {
    if (1..=KEEP_MAX).contains(&schedule.keep) {
        return Ok(());
    }
    Err(Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        format!("`keep` can be from 1 to {KEEP_MAX}."),
    ))
}
