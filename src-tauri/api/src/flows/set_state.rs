//! `POST /flows/{name}/state`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::detail::FlowDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::parts::FlowState;
use crate::state::ApiState;

/// Switches a published flow on, off, or to paused.
#[utoipa::path(post, path = "/flows/{name}/state", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowStateChange,
    responses((status = 200, description = "Switched", body = FlowDetail)))]
pub(crate) async fn set_flow_state(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_change): Body<FlowStateChange>,
) -> Result<Answer<FlowDetail>, Error> {
    Err(Error::unavailable())
}

/// Where a flow shall be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowStateChange {
    pub state: FlowState,
}
