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
    let items = flows
        .iter()
        .map(|flow| {
            let draft = workspace.look_at_draft(flow)?;
            FlowSummary::new(flow, &draft, &state.host.receiver_url())
        })
        .collect::<Result<_, _>>()?;
    Ok(Answer(FlowList { items, next: None }))
}

/// Every flow of the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowList {
    pub items: Vec<FlowSummary>,
    /// Always null: flows are few, and all of them are listed.
    pub next: Option<String>,
}
