//! `GET /flows/{name}/versions`

use axum::extract::State;
use hookloom_store::VersionRow;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::Named;
use crate::state::ApiState;
use crate::time::At;

/// Everything that was published of a flow, newest first. What only a trial ran is not in here.
#[utoipa::path(get, path = "/flows/{name}/versions", tag = "flows", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name")),
    responses((status = 200, description = "All versions", body = FlowVersionList)))]
pub(crate) async fn list_flow_versions(
    _: CanRead,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<Answer<FlowVersionList>, Error> {
    let versions = state.store.flow_versions(&name).await;
    let (versions, current) = versions.or_missing(ErrorCode::FlowNotFound)?;
    let version = |row: VersionRow| {
        let VersionRow {
            version,
            published_at_ms,
            steps,
        } = row;
        PublishedVersion {
            version,
            published_at: At::from_ms(published_at_ms),
            is_current: current == Some(version),
            steps,
        }
    };
    Ok(Answer(FlowVersionList {
        versions: versions.into_iter().map(version).collect(),
    }))
}

/// Everything that was published of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowVersionList {
    /// Newest first.
    pub versions: Vec<PublishedVersion>,
}

/// A version with what a list says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublishedVersion {
    pub version: i64,
    pub published_at: At,
    /// Whether the triggers start this one.
    pub is_current: bool,
    /// How many steps it has.
    pub steps: u64,
}
