//! Small shapes that several operations share.

use hookloom_model::{document, journal, status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::named::named;
use crate::time::At;

/// Why something failed, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A stable name.
    pub code: String,
    /// What happened, why, and what to do. Masked.
    pub message: String,
    pub at: At,
}

impl Fault {
    /// A recorded error and when it was recorded.
    pub(crate) fn new(error: journal::RecordedError, at_ms: i64) -> Self {
        let journal::RecordedError { code, message } = error;
        Self {
            code,
            message,
            at: At::from_ms(at_ms),
        }
    }
}

/// One header of a request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Header {
    pub name: String,
    /// Masked.
    pub value: String,
}

impl From<(String, String)> for Header {
    fn from((name, value): (String, String)) -> Self {
        Self { name, value }
    }
}

/// The request of an HTTP call as it was sent, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SentRequest {
    pub method: String,
    pub url: String,
    /// In the order sent.
    pub headers: Vec<Header>,
    /// As text, cut at the limit of the record.
    pub body: String,
    pub body_truncated: bool,
}

impl From<journal::SentRequest> for SentRequest {
    fn from(sent: journal::SentRequest) -> Self {
        let journal::SentRequest {
            method,
            url,
            headers,
            body,
            body_truncated,
        } = sent;
        Self {
            method,
            url,
            headers: headers.into_iter().map(Header::from).collect(),
            body,
            body_truncated,
        }
    }
}

named!(
    /// Whether a flow's published version reacts to its triggers.
    FlowState from status::FlowState { Off = "off", Live = "live", Paused = "paused" }
);

named!(
    /// Where a job is; the last four never change.
    JobStatus from status::JobStatus {
        Queued = "queued", Running = "running", Waiting = "waiting",
        Complete = "complete", Failed = "failed", Canceled = "canceled", TimedOut = "timed_out",
    }
);

named!(
    /// Where a step of a job is; the last four never change.
    StepStatus from status::StepStatus {
        Pending = "pending", Running = "running", Waiting = "waiting",
        Complete = "complete", Failed = "failed", Skipped = "skipped", Canceled = "canceled",
    }
);

named!(
    /// Where a delivery is; the last three never change.
    DeliveryStatus from status::DeliveryStatus {
        Pending = "pending", Sending = "sending", Waiting = "waiting",
        Delivered = "delivered", Failed = "failed", Canceled = "canceled",
    }
);

named!(
    /// What became of an inbound request.
    Verdict from status::Verdict {
        Accepted = "accepted", Rejected = "rejected", Duplicate = "duplicate", Held = "held",
    }
);

named!(
    /// What started a job.
    Trigger from status::TriggerKind {
        Endpoint = "endpoint", Schedule = "schedule", Manual = "manual",
        Api = "api", Flow = "flow", Replay = "replay",
    }
);

named!(
    /// When the caller of an endpoint gets its answer.
    EndpointMode from document::Mode { Async = "async", Sync = "sync", Stream = "stream" }
);

named!(
    /// Which end of a job sends a webhook task's message.
    #[expect(clippy::enum_variant_names, reason = "the names are the document's")]
    TaskEvent from document::TaskEvent {
        JobSucceeded = "job_succeeded", JobFailed = "job_failed", JobFinished = "job_finished",
    }
);
