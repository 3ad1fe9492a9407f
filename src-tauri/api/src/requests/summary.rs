//! An inbound request as a row of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::parts::Verdict;
use crate::time::At;

/// An inbound request as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestSummary {
    pub id: String,
    pub at: At,
    /// The endpoint's name.
    pub endpoint: String,
    /// The name of the endpoint's flow.
    pub flow: String,
    pub method: String,
    /// Path and query; keys and tokens are masked.
    pub path: String,
    pub verdict: Verdict,
    /// The HTTP status of our answer.
    pub status: u16,
    /// Why it was not simply accepted. The caller never learned it.
    pub reason: Option<String>,
    /// A stable name of `reason`.
    pub reason_code: Option<String>,
    /// The job that it began; of a duplicate, the job of the first one.
    pub job_id: Option<i64>,
    /// The length of the body as received.
    pub body_bytes: u64,
}
