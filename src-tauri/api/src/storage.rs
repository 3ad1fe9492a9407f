//! What the history takes on the disk, and how long it is kept.

use axum::extract::State;
use hookloom_store::{Counts, Retention as StoredRetention, StorageUsed};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::Body;
use crate::state::ApiState;
use crate::time::At;

/// The longest time that can be set: ten years.
const RETENTION_DAYS_MAX: u32 = 3_650;
/// The least room that can be set: below it a busy hour would push itself out.
const RETENTION_BYTES_MIN: u64 = 10_000_000;

/// What the history takes on the disk, and how long it is kept.
#[utoipa::path(get, path = "/storage", tag = "status", security(("bearer" = ["read"])),
    responses((status = 200, description = "How it stands", body = Storage)))]
pub(crate) async fn get_storage(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Storage>, Error> {
    shown(&state).await.map(Answer)
}

/// Sets how long the history is kept. What is too old or too much goes within minutes, the oldest first.
#[utoipa::path(put, path = "/storage/retention", tag = "status", security(("bearer" = ["manage"])),
    request_body = Retention,
    responses((status = 200, description = "Set", body = Storage)))]
pub(crate) async fn set_retention(
    _: CanManage,
    State(state): State<ApiState>,
    Body(given): Body<Retention>,
) -> Result<Answer<Storage>, Error> {
    let Retention { days, bytes_max } = given;
    let retention = StoredRetention { days, bytes_max };
    check(retention)?;
    state.store.set_retention(retention).await?;
    shown(&state).await.map(Answer)
}

/// Refuses what would push itself out, or could never be told from for ever.
pub(crate) fn check(retention: StoredRetention) -> Result<(), Error> {
    let StoredRetention { days, bytes_max } = retention;
    if days.is_some_and(|days| !(1..=RETENTION_DAYS_MAX).contains(&days)) {
        return Err(out_of_range(format!(
            "`days` can be from 1 to {RETENTION_DAYS_MAX}, or null to keep the history for ever."
        )));
    }
    if bytes_max.is_some_and(|bytes| bytes < RETENTION_BYTES_MIN) {
        return Err(out_of_range(format!(
            "`bytes_max` is at least {RETENTION_BYTES_MIN}, or null to bound nothing."
        )));
    }
    Ok(())
}

/// What the history takes on the disk.
#[derive(Debug, Serialize, ToSchema)]
pub struct Storage {
    /// Of the database, in use.
    pub database_bytes: u64,
    /// Of the database's file, free for what comes next.
    pub free_bytes: u64,
    /// Of files that came with requests.
    pub files_bytes: u64,
    pub requests_count: i64,
    pub jobs_count: i64,
    pub deliveries_count: i64,
    /// When the oldest of them came; null without any.
    pub oldest_at: Option<At>,
    pub retention: Retention,
}

/// How long the history is kept, and how much of it. What has not ended stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Retention {
    /// What ended longer ago is deleted; null keeps it for ever.
    pub days: Option<u32>,
    /// Beyond this the oldest is deleted; null bounds nothing.
    pub bytes_max: Option<u64>,
}

async fn shown(state: &ApiState) -> Result<Storage, Error> {
    let StorageUsed {
        database_bytes,
        free_bytes,
        files_bytes,
        oldest_at_ms,
    } = state.store.storage_used().await?;
    let StoredRetention { days, bytes_max } = state.store.retention().await?;
    let Counts {
        requests,
        jobs,
        deliveries,
        deliveries_failed: _,
    } = state.store.counts();
    Ok(Storage {
        database_bytes,
        free_bytes,
        files_bytes,
        requests_count: requests,
        jobs_count: jobs,
        deliveries_count: deliveries,
        oldest_at: oldest_at_ms.map(At::from_ms),
        retention: Retention { days, bytes_max },
    })
}

fn out_of_range(message: String) -> Error {
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        message,
    )
}
