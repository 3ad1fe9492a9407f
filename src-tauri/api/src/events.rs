//! Live updates: what changed, as cache tags, and for lists the changed row.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::deliveries::Delivery;
use crate::error::Error;
use crate::identity::CanRead;
use crate::jobs::JobSummary;
use crate::requests::RequestSummary;
use crate::state::ApiState;

/// Server-sent events named `change`, at most ten a second, with a comment as a heartbeat every 15 seconds.
#[utoipa::path(get, path = "/events", tag = "events", security(("bearer" = ["read"])),
    responses((status = 200, description = "The data of each event", body = EventMessage, content_type = "text/event-stream")))]
pub(crate) async fn stream_events(
    _: CanRead,
    State(_state): State<ApiState>,
) -> Result<Response, Error> {
    Err(Error::unavailable())
}

/// What changed since the last message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventMessage {
    /// What a cache has to drop: `jobs`, `job:17`, `requests`, `request:mqr_…`, `deliveries`, `delivery:dlv_…`,
    /// `flows`, `flow:NAME`, `secrets`, `variables`, `tokens`, `status`.
    pub tags: Vec<String>,
    /// Rows that changed, to be put into lists in place.
    pub rows: Vec<ChangedRow>,
}

/// A row that changed, and the list that it belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "list")]
pub enum ChangedRow {
    #[serde(rename = "jobs")]
    Jobs { row: JobSummary },
    #[serde(rename = "requests")]
    Requests { row: RequestSummary },
    #[serde(rename = "deliveries")]
    Deliveries { row: Delivery },
}
