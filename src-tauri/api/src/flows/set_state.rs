//! `POST /flows/{name}/state`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::detail::{FlowDetail, detail};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
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
    State(state): State<ApiState>,
    Named(name): Named,
    Body(change): Body<FlowStateChange>,
) -> Result<Answer<FlowDetail>, Error> {
    let now_ms = state.clock.now_ms();
    let switched = state
        .store
        .set_flow_state(&name, change.state.into(), now_ms)
        .await;
    switched.or_missing(ErrorCode::FlowNotFound)?;
    state.host.reload_endpoints().await?;
    detail(&state, &name, None).await.map(Answer)
}

/// Where a flow shall be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowStateChange {
    pub state: FlowState,
}
