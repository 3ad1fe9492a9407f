//! A flow as a row of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::named::named;
use crate::parts::{EndpointMode, FlowState, JobStatus};
use crate::time::At;

/// A flow as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowSummary {
    /// Never reused, and the same after a rename.
    pub id: i64,
    pub name: String,
    /// The name, if the document gives no title.
    pub title: String,
    pub state: FlowState,
    /// The published version that the triggers start.
    pub version: Option<i64>,
    /// Whether the draft differs from the published version.
    pub draft_changed: bool,
    /// Of the published version; of the draft while there is none.
    pub endpoints: Vec<EndpointSummary>,
    pub outputs: Vec<FlowOutput>,
    /// Problems of the draft that stand in the way of publishing.
    pub errors_count: u32,
    /// Problems of the draft that somebody should look at.
    pub warnings_count: u32,
    pub last_job: Option<LastJob>,
    pub updated_at: At,
}

/// An endpoint of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointSummary {
    pub name: String,
    pub mode: EndpointMode,
    pub methods: Vec<String>,
    pub auth_kind: AuthKind,
    /// Absolute; where a key belongs it says `YOUR_KEY`.
    pub url: String,
}

named!(
    /// How a caller of an endpoint shows who it is.
    AuthKind {
        None = "none", SharedKey = "shared_key", ApiKey = "api_key", Bearer = "bearer", Basic = "basic",
        Jwt = "jwt", Signature = "signature", Ip = "ip", Any = "any", All = "all",
    }
);

/// A named result of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowOutput {
    /// Never reused, and kept by name over versions and imports.
    pub id: i64,
    pub name: String,
}

/// The job that began last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastJob {
    pub id: i64,
    pub status: JobStatus,
    pub ended_at: Option<At>,
}
