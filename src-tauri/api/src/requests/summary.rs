//! An inbound request as a row of a list.

use hookloom_model::RequestId;
use hookloom_store::RequestRow;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::masked::Masked;
use crate::parts::Verdict;
use crate::state::ApiState;
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

impl RequestSummary {
    pub(crate) fn new(row: RequestRow, masked: &Masked) -> Self {
        let RequestRow {
            n: _,
            id,
            at_ms,
            endpoint,
            flow_id: _,
            flow,
            method,
            path,
            verdict,
            status,
            reason,
            job_id,
            body_bytes,
        } = row;
        let (reason_code, reason) = reason.map(|reason| (reason.code, reason.message)).unzip();
        Self {
            id: id.to_string(),
            at: At::from_ms(at_ms),
            endpoint,
            flow,
            method,
            path: masked.text(path),
            verdict: verdict.into(),
            status,
            reason: reason.map(|reason| masked.text(reason)),
            reason_code,
            job_id: job_id.map(|id| id.0),
            body_bytes,
        }
    }
}

/// The rows of these requests; one that is gone meanwhile is left out.
pub(crate) async fn rows_by_id(
    state: &ApiState,
    ids: impl IntoIterator<Item = RequestId>,
) -> Result<Vec<RequestSummary>, Error> {
    let masked = state.masked();
    let mut rows = Vec::new();
    for id in ids {
        match state.store.request_row(id).await {
            Ok(row) => rows.push(RequestSummary::new(row, &masked)),
            Err(hookloom_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(rows)
}
