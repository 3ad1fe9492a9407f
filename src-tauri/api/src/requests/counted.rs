//! `GET /requests/counted`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::state::ApiState;
use crate::time::At;

/// Rejected requests that are counted and not kept: those beyond the first 60 of an endpoint, reason and minute.
#[utoipa::path(get, path = "/requests/counted", tag = "requests", security(("bearer" = ["read"])),
    responses((status = 200, description = "The counts, newest first", body = CountedRejectionsList)))]
pub(crate) async fn list_counted_rejections(
    _: CanRead,
    State(_state): State<ApiState>,
) -> Result<Answer<CountedRejectionsList>, Error> {
    Err(Error::unavailable())
}

/// Counts, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedRejectionsList {
    pub items: Vec<CountedRejections>,
}

/// Rejected requests of one endpoint, reason and minute that are not kept one by one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountedRejections {
    pub endpoint: String,
    pub flow: String,
    pub reason_code: String,
    /// The minute's beginning.
    pub minute_at: At,
    pub count: u64,
}
