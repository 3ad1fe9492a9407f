//! `GET /flows`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problems::Workspace;
use super::summary::FlowSummary;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::state::ApiState;

/// Every flow of the workspace, by name.
#[utoipa::path(get, path = "/flows", tag = "flows", security(("bearer" = ["read"])),
    responses((status = 200, description = "All flows", body = FlowList)))]
pub(crate) async fn list_flows(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<FlowList>, Error> {
    let workspace = Workspace::read(&state).await?;
    let flows = state.store.flows().await?;
    let mut items = Vec::with_capacity(flows.len());
    for flow in &flows {
        let draft = workspace.look_at_draft(flow).await?;
        items.push(FlowSummary::new(flow, &draft, &state.host.receiver_url())?);
    }
    Ok(Answer(FlowList { items, next: None }))
}

/// Every flow of the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowList {
    pub items: Vec<FlowSummary>,
    /// Always null: flows are few, and all of them are listed.
    pub next: Option<String>,
}
