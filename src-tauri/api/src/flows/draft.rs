//! `PUT /flows/{name}/draft`

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::detail::FlowDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Replaces the draft, if it is still the one that the caller edited: else 409 with the draft as it is now.
#[utoipa::path(put, path = "/flows/{name}/draft", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = DraftReplacement,
    responses((status = 200, description = "Replaced", body = FlowDetail)))]
pub(crate) async fn replace_draft(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_draft): Body<DraftReplacement>,
) -> Result<Answer<FlowDetail>, Error> {
    Err(Error::unavailable())
}

/// A new draft.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DraftReplacement {
    /// The flow document; it may have problems that only publishing refuses.
    #[schema(value_type = Object)]
    pub document: Value,
    /// The `draft_etag` of the draft that was edited.
    pub base_etag: String,
}
