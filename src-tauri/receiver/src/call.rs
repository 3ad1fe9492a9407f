//! A call that waits for its job: until a step responds, the job ends, or the endpoint's time is over.
//!
//! Nothing in here refuses: the request is on disk by then, and its job goes on whatever becomes of the caller.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use hookloom_engine::answers::{self, JobRecord, Wait};
use hookloom_engine::ports::JournalError;
use hookloom_model::{JobId, RequestId};
use http::StatusCode;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep_until};

use crate::answer;
use crate::job_answer;
use crate::limits::UNAVAILABLE_RETRY_AFTER_S;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::status_url;

/// The first look into the journal, although nobody said that there is something to see: what was committed before
/// the wait began is there by then.
const LOOK_FIRST_MS: u64 = 50;
/// Every later look.
const LOOK_EVERY_MS: u64 = 5_000;

/// A place among the calls that may wait at one time.
pub(crate) struct Place(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

impl Place {
    pub fn take(shared: &Shared) -> Result<Self, Refusal> {
        Arc::clone(&shared.calls_waiting)
            .try_acquire_owned()
            .map(Self)
            .map_err(|_| shared.too_many_calls())
    }
}

/// A call that waits for its job.
pub(crate) struct Call {
    pub job_id: JobId,
    pub request_id: RequestId,
    pub timeout_ms: i64,
    pub wait: Wait,
    /// What the record said after the wait began, if somebody has looked already.
    pub seen: Option<JobRecord>,
    pub _place: Place,
}

impl Call {
    pub async fn answer(mut self, shared: &Shared) -> Response {
        let answer = self.wait_for_answer(shared).await;
        let answer = answer.unwrap_or_else(|error| failed(self.job_id, &error));
        if answer.status() != StatusCode::OK {
            // The record was written when nobody knew.
            shared
                .deps
                .calls
                .note_status(self.request_id, answer.status().as_u16());
        }
        answer
    }

    async fn wait_for_answer(&mut self, shared: &Shared) -> Result<Response, JournalError> {
        let began = Instant::now();
        let timeout_ms = u64::try_from(self.timeout_ms).unwrap_or(0);
        let until = began + Duration::from_millis(timeout_ms);
        let seen = self.seen.take();
        if let Some(answered) = seen.as_ref()
            && let Some(answer) = &answered.answer
        {
            return Ok(job_answer::of(&*shared.deps.files, answered, answer).await);
        }
        let first_ms = match seen {
            Some(_) => LOOK_EVERY_MS,
            None => LOOK_FIRST_MS,
        };
        let mut look_at = began + Duration::from_millis(first_ms);
        loop {
            let is_told = tokio::select! {
                biased;
                () = self.wait.answered() => true,
                () = shared.stopping.cancelled() => false,
                () = sleep_until(until.min(look_at)) => false,
            };
            let record = answers::read(&*shared.deps.journal, self.job_id).await?;
            if let Some(answer) = &record.answer {
                return Ok(job_answer::of(&*shared.deps.files, &record, answer).await);
            }
            if is_told {
                tracing::error!(job = %self.job_id, "a job that has answered has no answer on record");
            }
            let now = Instant::now();
            if is_told || now >= until || shared.stopping.is_cancelled() {
                return status_url::running(shared, self.job_id, record.request_id).await;
            }
            look_at = now + Duration::from_millis(LOOK_EVERY_MS);
        }
    }
}

/// The answer when the job's record cannot be read. The job goes on.
pub(crate) fn failed(job_id: JobId, error: &JournalError) -> Response {
    match error {
        JournalError::Unavailable { reason } => {
            tracing::warn!(job = %job_id, reason, "a call cannot be answered now");
            answer::fixed_retry_after(
                StatusCode::SERVICE_UNAVAILABLE,
                answer::UNAVAILABLE,
                UNAVAILABLE_RETRY_AFTER_S,
            )
        }
        error => {
            tracing::error!(job = %job_id, error = error as &dyn std::error::Error, "a call cannot be answered");
            answer::fixed(StatusCode::INTERNAL_SERVER_ERROR, answer::INTERNAL)
        }
    }
}
