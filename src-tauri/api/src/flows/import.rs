//! `POST /flows/import`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::detail::FlowDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::Body;
use crate::state::ApiState;

/// Creates the flow that the document names, or replaces its draft. A document with problems changes nothing.
#[utoipa::path(post, path = "/flows/import", tag = "flows", security(("bearer" = ["manage"])),
    request_body = FlowImport,
    responses((status = 200, description = "Imported", body = FlowImported)))]
pub(crate) async fn import_flow(
    _: CanManage,
    State(_state): State<ApiState>,
    Body(_import): Body<FlowImport>,
) -> Result<Answer<FlowImported>, Error> {
    Err(Error::unavailable())
}

/// A document to take in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowImport {
    /// The flow document.
    #[schema(value_type = Object)]
    pub document: Value,
    /// Publish it as well; if that is refused, nothing is imported.
    #[serde(default)]
    pub publish: bool,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowImported {
    pub flow: FlowDetail,
    /// Whether the flow is new.
    pub created: bool,
    /// The version that was made.
    pub published_version: Option<i64>,
    /// What the person should know, such as what was not carried over.
    pub notes: Vec<String>,
}
