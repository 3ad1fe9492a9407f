//! `POST /flows/{name}/publish`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::changed;
use super::detail::{FlowDetail, detail};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::Named;
use crate::state::ApiState;

/// Makes a version of the draft. Its endpoints and webhook tasks take effect. The first version
/// goes live; later ones leave the flow's state as it is.
#[utoipa::path(post, path = "/flows/{name}/publish", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    responses((status = 200, description = "Published", body = FlowPublished)))]
pub(crate) async fn publish_flow(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<Answer<FlowPublished>, Error> {
    let version = changed::publish(&state, &name).await?;
    let flow = detail(&state, &name, None).await?;
    Ok(Answer(FlowPublished { flow, version }))
}

/// A flow after its draft was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowPublished {
    pub flow: FlowDetail,
    /// The version that was made.
    pub version: i64,
}
