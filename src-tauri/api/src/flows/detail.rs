//! A flow with its draft, its problems and its versions.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::summary::FlowSummary;
use crate::problem::Problem;
use crate::time::At;

/// A flow with its draft, its problems and its versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowDetail {
    #[serde(flatten)]
    pub summary: FlowSummary,
    pub description: Option<String>,
    /// The flow document: the draft, or the version that was asked for.
    #[schema(value_type = Object)]
    pub document: Value,
    /// Names this state of the draft: give it back when replacing it.
    pub draft_etag: String,
    /// Everything that is wrong with `document`.
    pub problems: Vec<Problem>,
    /// Newest first.
    pub versions: Vec<FlowVersion>,
    /// Of the published version; of the draft while there is none.
    pub webhook_tasks: Vec<WebhookTask>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowVersion {
    pub version: i64,
    pub published_at: At,
}

/// A webhook task of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookTask {
    /// Never reused, and kept by name over versions and imports.
    pub id: i64,
    pub name: String,
    /// False if the document switches it off, or an answer ended it.
    pub enabled: bool,
    /// Why it was switched off beside the document.
    pub disabled_reason: Option<String>,
}
