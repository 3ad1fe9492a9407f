//! `POST /flows/{name}/copy`

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::detail::FlowDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Makes a new flow from the draft of this one, without its webhook tasks. The copy is off.
#[utoipa::path(post, path = "/flows/{name}/copy", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowCopy,
    responses((status = 201, description = "Copied", body = FlowCopied)))]
pub(crate) async fn copy_flow(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_copy): Body<FlowCopy>,
) -> Result<(StatusCode, Answer<FlowCopied>), Error> {
    Err(Error::unavailable())
}

/// How the copy is named.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowCopy {
    pub name: String,
}

/// The copy.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowCopied {
    #[serde(flatten)]
    pub flow: FlowDetail,
    /// What was left out.
    pub notes: Vec<String>,
}
