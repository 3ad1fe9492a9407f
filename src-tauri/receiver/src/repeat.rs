//! A request whose idempotency key was seen before: it gets what the first one got.
//!
//! Answers are made again from the record, not kept: the record decides them.

use std::sync::Arc;

use axum::response::Response;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Answered, JournalError};
use hookloom_model::document::Mode;
use hookloom_model::{JobId, RequestId};
use http::StatusCode;

use crate::answer;
use crate::call::{Call, Place, failed};
use crate::shared::Shared;
use crate::status_url;

/// A request that repeats another one.
pub(crate) struct Repeat {
    pub request_id: RequestId,
    /// The first one.
    pub first: RequestId,
    /// The job that the first one began; none if it was held.
    pub job_id: Option<JobId>,
    /// How the first one was answered.
    pub answered: Answered,
    pub live: Arc<LiveEndpoint>,
}

impl Repeat {
    pub async fn answer(self, shared: &Shared) -> Response {
        let first = self.first;
        let answer = match (self.answered.mode, self.job_id) {
            (_, None) => answer::recorded(),
            (Mode::Async | Mode::Stream, Some(job_id)) => answer::accepted(job_id, first),
            (Mode::Sync, Some(job_id)) => return self.of_call(shared, job_id).await,
        };
        answer::replayed(answer, first)
    }

    async fn of_call(self, shared: &Shared, job_id: JobId) -> Response {
        // Nobody may wait between this look and the wait: the first one decides its answer while it waits.
        let Some(wait) = shared
            .deps
            .waiters
            .wait_alone(job_id, &self.live.responders)
        else {
            let answer = answer::fixed(StatusCode::CONFLICT, answer::IN_PROGRESS);
            self.note(shared, &answer);
            return answer;
        };
        let known = match self.status_url(shared, job_id).await {
            Ok(known) => known,
            Err(error) => return failed(job_id, &error),
        };
        let answer = match (known, Place::take(shared)) {
            (Some(answer), _) => answer,
            (None, Err(refusal)) => refusal.answer(),
            (None, Ok(place)) => {
                // The first one went away before it had its answer, or has had it: whoever comes now gets it.
                let call = Call {
                    job_id,
                    request_id: self.request_id,
                    timeout_ms: self.live.endpoint.sync_timeout_ms,
                    wait,
                    _place: place,
                };
                return answer::replayed(call.answer(shared).await, self.first);
            }
        };
        self.note(shared, &answer);
        answer::replayed(answer, self.first)
    }

    /// What the first one got if it waited too long.
    async fn status_url(
        &self,
        shared: &Shared,
        job_id: JobId,
    ) -> Result<Option<Response>, JournalError> {
        match shared.deps.sync_calls.status_url_of(job_id).await? {
            Some(url) => status_url::running_at(shared, &url, self.first)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    fn note(&self, shared: &Shared, answer: &Response) {
        shared
            .deps
            .sync_calls
            .note_status(self.request_id, answer.status().as_u16());
    }
}
