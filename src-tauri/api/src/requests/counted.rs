//! `GET /requests/counted`

use axum::extract::State;
use hookloom_store::RejectionCount;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::state::ApiState;
use crate::time::At;

/// At most this many counts are shown.
const COUNTS_SHOWN_MAX: u32 = 500;

/// Rejected requests that are counted and not kept: those beyond the first 60 of an endpoint, reason and minute.
#[utoipa::path(get, path = "/requests/counted", tag = "requests", security(("bearer" = ["read"])),
    responses((status = 200, description = "The counts, newest first", body = CountedRejectionsList)))]
pub(crate) async fn list_counted_rejections(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<CountedRejectionsList>, Error> {
    let rows = state.store.rejection_counts(COUNTS_SHOWN_MAX).await?;
    let flows = state.store.published().await?;
    let counted = |row: RejectionCount| {
        let RejectionCount {
            endpoint,
            flow_id,
            reason_code,
            minute_at_ms,
            count,
        } = row;
        let flow = flows.iter().find(|flow| flow.id == flow_id);
        CountedRejections {
            endpoint,
            flow: flow.map_or_else(String::new, |flow| flow.name.clone()),
            reason_code,
            minute_at: At::from_ms(minute_at_ms),
            count: count.unsigned_abs(),
        }
    };
    let items = rows.into_iter().map(counted).collect();
    Ok(Answer(CountedRejectionsList { items }))
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
    /// The name of the endpoint's flow; empty once that is deleted.
    pub flow: String,
    pub reason_code: String,
    /// The minute's beginning.
    pub minute_at: At,
    pub count: u64,
}
