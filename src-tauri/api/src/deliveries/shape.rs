//! A delivery with its attempts.

use serde::Serialize;
use utoipa::ToSchema;

use crate::named::named;
use crate::parts::{DeliveryStatus, Fault, Header, SentRequest, TaskEvent};
use crate::time::At;

/// One message of one webhook task for one job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// `dlv_…`, also its `webhook-id`.
    pub id: String,
    pub job_id: i64,
    /// The flow's name.
    pub flow: String,
    /// The webhook task's name.
    pub task: String,
    pub task_id: i64,
    pub event: TaskEvent,
    /// The output that it is about; null for the job as a whole.
    pub output: Option<String>,
    pub status: DeliveryStatus,
    /// Of the last answer.
    pub http_status: Option<u16>,
    pub method: String,
    /// Masked.
    pub url: String,
    pub created_at: At,
    pub next_attempt_at: Option<At>,
    pub attempts_max: u32,
    /// Of the last attempt that ended.
    pub duration_ms: Option<i64>,
    /// Of the last attempt that ended, if it failed.
    pub error: Option<Fault>,
    /// False: certificates are not checked.
    pub validate_ssl: bool,
    /// Whether the task was switched off beside the document.
    pub task_disabled: bool,
    /// The delivery that it sends again.
    pub resend_of: Option<String>,
    /// The header that carries the signature; null if nothing signs.
    pub signature_header: Option<String>,
    pub attempts: Vec<DeliveryAttempt>,
}

/// One try of a delivery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryAttempt {
    /// Counts from 1 and includes interrupted ones.
    pub n: u32,
    /// When it began.
    pub at: At,
    pub status: DeliveryAttemptStatus,
    pub http_status: Option<u16>,
    pub duration_ms: Option<i64>,
    pub error: Option<Fault>,
    pub timings: Timings,
    /// The peer's, over https.
    pub certificate: Option<Certificate>,
    /// Null in lists, and if it could not be made.
    pub request: Option<SentRequest>,
    /// Null in lists, and without an answer.
    pub response: Option<ReceivedAnswer>,
}

named!(
    /// Where an attempt of a delivery is; `interrupted` was cut off by a crash and does not count.
    DeliveryAttemptStatus {
        Sending = "sending", Delivered = "delivered", Failed = "failed", Interrupted = "interrupted",
    }
);

/// Where the time of an attempt went; null for a part that did not happen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Timings {
    /// Looking up the name.
    pub dns_ms: Option<u32>,
    /// Opening the connection.
    pub connect_ms: Option<u32>,
    pub tls_ms: Option<u32>,
    /// From the request's first byte to the answer's last.
    pub answer_ms: Option<u32>,
}

/// What is worth knowing of a peer's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    pub expires_at: At,
    /// Whether it was checked against the trusted roots.
    pub verified: bool,
}

/// What came back, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceivedAnswer {
    pub status: u16,
    /// Lower-case names, in the order received.
    pub headers: Vec<Header>,
    /// As text, cut at the limit of the record.
    pub body: String,
    /// The size of the whole body.
    pub body_bytes: u64,
    pub body_truncated: bool,
}
