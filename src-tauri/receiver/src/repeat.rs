//! A request whose idempotency key was seen before: it gets what the first one got.
//!
//! Answers are made again from the record, not kept: the record decides them.

use std::sync::Arc;

use axum::response::Response;
use hookloom_engine::answers;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Answered, JournalError};
use hookloom_model::body;
use hookloom_model::document::{self, Mode};
use hookloom_model::request::Reason;
use hookloom_model::{JobId, RequestId};
use http::StatusCode;

use crate::answer;
use crate::call::{Call, Place, failed};
use crate::own_answer::Answering;
use crate::shared::Shared;
use crate::status_url;
use crate::stream::Following;

/// Why a repeat does not get what the first one got.
const ANSWER_GONE: &str = "answer_gone";

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
    pub async fn answer(self, shared: &Arc<Shared>) -> Response {
        let (job_id, made) = match (self.answered.mode, self.job_id) {
            (Mode::Sync, Some(job_id)) => (job_id, self.of_call(shared, job_id).await),
            (Mode::Stream, Some(job_id)) => (job_id, self.of_stream(shared, job_id).await),
            (_, job_id) => match self.of_own(shared).await {
                Ok(answer) => return self.replayed(shared, answer),
                Err(error) => return failed(job_id.unwrap_or(JobId(0)), &error),
            },
        };
        match made {
            Ok(answer) => answer,
            Err(JournalError::NotFound { .. }) => self.gone(shared, job_id),
            Err(error) => failed(job_id, &error),
        }
    }

    /// What the first one got at once: the usual answer, or one of the endpoint's own.
    async fn of_own(&self, shared: &Shared) -> Result<Response, JournalError> {
        let usual = || match self.job_id {
            Some(job_id) => answer::accepted(job_id, self.first),
            None => answer::recorded(),
        };
        let live = self.live_then(shared).await?;
        let own = match self.job_id {
            Some(_) => &live.endpoint.response,
            None => &live.endpoint.off_response,
        };
        if own.is_none() {
            return Ok(usual());
        }
        let Some(stored) = shared.deps.calls.request(self.first).await? else {
            return Ok(usual());
        };
        let record = &stored.record;
        // With its uploads, as the first one saw it.
        let body = body::recorded(record).ok();
        let answering = Answering {
            answers: &shared.own_answers,
            live: &live,
            record,
            body: body.as_ref(),
        };
        Ok(match self.job_id {
            Some(job_id) => answering.accepted(job_id, self.first),
            None => answering.recorded(),
        })
    }

    /// The endpoint as it was when it answered the first one.
    async fn live_then(&self, shared: &Shared) -> Result<Arc<LiveEndpoint>, JournalError> {
        let version = self.answered.version;
        if version == self.live.version {
            return Ok(Arc::clone(&self.live));
        }
        let journal = &shared.deps.journal;
        let text = journal.flow_version(self.live.flow_id, version).await?;
        let mut live = LiveEndpoint::clone(&self.live);
        live.version = version;
        let endpoints = document::parse(&text)
            .into_document()
            .map(|document| document.endpoints)
            .unwrap_or_default();
        let then = endpoints
            .into_iter()
            .find(|endpoint| endpoint.name == live.endpoint.name);
        if let Some(then) = then {
            live.endpoint = then;
        }
        Ok(Arc::new(live))
    }

    async fn of_stream(
        &self,
        shared: &Arc<Shared>,
        job_id: JobId,
    ) -> Result<Response, JournalError> {
        let place = match Place::take(shared) {
            Ok(place) => place,
            Err(refusal) => return Ok(refusal.answer()),
        };
        // What is committed after this look is told.
        let wait = shared.deps.waiters.wait(job_id, &self.live.responders);
        let seen = answers::read_steps(&*shared.deps.journal, job_id).await?;
        let following = Following {
            job_id,
            wait,
            seen: Some(seen),
            _place: place,
        };
        Ok(self.replayed(shared, following.answer(shared)))
    }

    async fn of_call(&self, shared: &Shared, job_id: JobId) -> Result<Response, JournalError> {
        // Nobody may wait between this look and the wait: the first one decides its answer while it waits.
        let Some(wait) = shared
            .deps
            .waiters
            .wait_alone(job_id, &self.live.responders)
        else {
            let answer = answer::fixed(StatusCode::CONFLICT, answer::IN_PROGRESS);
            self.note(shared, &answer);
            return Ok(answer);
        };
        let seen = answers::read(&*shared.deps.journal, job_id).await?;
        let known = self.status_url(shared, job_id).await?;
        Ok(match (known, Place::take(shared)) {
            (Some(answer), _) => self.replayed(shared, answer),
            (None, Err(refusal)) => self.replayed(shared, refusal.answer()),
            (None, Ok(place)) => {
                // The first one went away before it had its answer, or has had it: whoever comes now gets it.
                let call = Call {
                    job_id,
                    request_id: self.request_id,
                    timeout_ms: self.live.endpoint.sync_timeout_ms,
                    wait,
                    seen: Some(seen),
                    _place: place,
                };
                answer::replayed(call.answer(shared).await, self.first)
            }
        })
    }

    /// What the first one got if it waited too long.
    async fn status_url(
        &self,
        shared: &Shared,
        job_id: JobId,
    ) -> Result<Option<Response>, JournalError> {
        match shared.deps.calls.status_url_of(job_id).await? {
            Some(url) => status_url::running_at(shared, &url, self.first)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// The job was the answer, and was deleted before the key expired. Not 410: to many senders, and to our own webhook tasks,
    /// that says that the endpoint is no more, and they stop for good.
    fn gone(&self, shared: &Shared, job_id: JobId) -> Response {
        let answer = answer::fixed(StatusCode::CONFLICT, answer::ANSWER_GONE);
        self.note(shared, &answer);
        let reason = Reason {
            code: ANSWER_GONE.to_owned(),
            message: format!(
                "The request repeats {}, whose answer went with job {job_id} when that was deleted; another idempotency key \
                 begins a new job",
                self.first
            ),
        };
        shared.deps.calls.note_reason(self.request_id, reason);
        answer
    }

    /// The answer, marked as that to a repeat.
    fn replayed(&self, shared: &Shared, answer: Response) -> Response {
        if answer.status() != StatusCode::OK {
            self.note(shared, &answer);
        }
        answer::replayed(answer, self.first)
    }

    fn note(&self, shared: &Shared, answer: &Response) {
        shared
            .deps
            .calls
            .note_status(self.request_id, answer.status().as_u16());
    }
}
