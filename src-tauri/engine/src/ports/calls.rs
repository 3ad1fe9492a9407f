//! What is kept of calls beside their requests: the status URL of one that waited too long, its real status, the use of
//! its token.

use async_trait::async_trait;
use hookloom_model::request::{Reason, StoredRequest};
use hookloom_model::{JobId, RequestId};

use super::JournalError;

/// A status URL answers this long after its job's end.
pub const STATUS_URL_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// Keeps what a call needs after it was answered.
#[async_trait]
pub trait Calls: Send + Sync {
    /// Keeps the status URL of a job. If it has one already, that one is given instead.
    async fn keep_status_url(&self, url: StatusUrl) -> Result<StatusUrl, JournalError>;

    /// The job whose status URL has the token with this SHA-256.
    async fn job_of_status_url(&self, sha256: [u8; 32]) -> Result<Option<JobId>, JournalError>;

    /// The status URL of a job: it has one if its caller waited too long.
    async fn status_url_of(&self, job_id: JobId) -> Result<Option<StatusUrl>, JournalError>;

    /// A request as it was recorded: its repeats are answered by it.
    async fn request(&self, id: RequestId) -> Result<Option<StoredRequest>, JournalError>;

    /// Notes that an endpoint's token was used. May be lost in a crash.
    fn note_token(&self, id: i64, at_ms: i64);

    /// Notes the HTTP status that a recorded request was answered with at last. May be lost in a crash.
    fn note_status(&self, request_id: RequestId, status: u16);

    /// Notes why a recorded request got the answer that it did. May be lost in a crash.
    fn note_reason(&self, request_id: RequestId, reason: Reason);
}

/// The status URL of a job. Its token lies on the disk hashed and sealed only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusUrl {
    /// The job.
    pub job_id: JobId,
    /// What the token is found by.
    pub sha256: [u8; 32],
    /// The token, sealed with the workspace's key: a repeat of the call gets the same URL.
    pub sealed_token: Vec<u8>,
    /// When it was made, Unix milliseconds.
    pub at_ms: i64,
}
