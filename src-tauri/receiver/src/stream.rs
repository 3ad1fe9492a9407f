//! A call that is told of each step while its job runs: server-sent events, one `step` for each step that ended, then
//! `done`.
//!
//! What is sent is read from the journal, so that a repeat gets the same events.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::stream::{self, Stream};
use hookloom_engine::answers::{self, JobAnswer, JobRecord, StepEnd, Wait};
use hookloom_engine::ports::JournalError;
use hookloom_model::JobId;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde_json::json;

use crate::answer;
use crate::call::Place;
use crate::shared::Shared;

/// The first look into the journal, although nobody said that there is something to see.
const LOOK_FIRST_MS: u64 = 50;
/// A comment is sent after this long without an event, so that nobody between us and the caller hangs up.
const KEEP_ALIVE_MS: u64 = 15_000;

/// A call that follows its job.
pub(crate) struct Following {
    pub job_id: JobId,
    pub wait: Wait,
    /// What the record said after the wait began, if somebody has looked already.
    pub seen: Option<JobRecord>,
    pub _place: Place,
}

/// What is between two pieces of a stream.
struct State {
    shared: Arc<Shared>,
    following: Following,
    /// Steps up to here were sent.
    next_seq: u64,
    wait_ms: u64,
    has_ended: bool,
}

impl Following {
    pub fn answer(self, shared: &Arc<Shared>) -> Response {
        let state = State {
            shared: Arc::clone(shared),
            following: self,
            next_seq: 0,
            wait_ms: LOOK_FIRST_MS,
            has_ended: false,
        };
        let mut response = Response::new(Body::from_stream(pieces(state)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn pieces(state: State) -> impl Stream<Item = Result<Bytes, JournalError>> + Send {
    stream::unfold(state, |mut state| async move {
        if state.has_ended {
            return None;
        }
        match state.next().await {
            Ok(Some(piece)) => Some((Ok(piece), state)),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(job = %state.following.job_id, %error, "a stream breaks off");
                state.has_ended = true;
                Some((Err(error), state))
            }
        }
    })
}

impl State {
    /// The next events, or a comment; none when the listener stops.
    async fn next(&mut self) -> Result<Option<Bytes>, JournalError> {
        let Some(record) = self.look().await? else {
            return Ok(None);
        };
        let mut events = String::new();
        for step in record.steps.iter().filter(|step| step.seq >= self.next_seq) {
            events.push_str(&step_event(step));
        }
        self.next_seq = record
            .steps
            .last()
            .map_or(self.next_seq, |step| step.seq + 1);
        if let Some(JobAnswer::Ended { .. }) = &record.answer {
            events.push_str(&done_event(&record));
            self.has_ended = true;
        }
        if events.is_empty() {
            events.push_str(":\n\n");
        }
        Ok(Some(Bytes::from(events)))
    }

    /// The record once something has moved, or it is time; none when the listener stops.
    async fn look(&mut self) -> Result<Option<JobRecord>, JournalError> {
        let wait_ms = std::mem::replace(&mut self.wait_ms, KEEP_ALIVE_MS);
        if let Some(seen) = self.following.seen.take() {
            return Ok(Some(seen));
        }
        tokio::select! {
            biased;
            () = self.shared.stopping.cancelled() => return Ok(None),
            () = self.following.wait.moved() => {}
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
        }
        let journal = &*self.shared.deps.journal;
        let record = answers::read_steps(journal, self.following.job_id).await;
        record.map(Some)
    }
}

fn step_event(step: &StepEnd) -> String {
    let data = json!({
        "step": step.step,
        "status": step.status.as_str(),
        "exit_code": step.exit_code,
        "outputs": step.outputs,
    });
    format!("event: step\nid: {}\ndata: {data}\n\n", step.seq)
}

fn done_event(record: &JobRecord) -> String {
    let Some(JobAnswer::Ended { status, outputs }) = &record.answer else {
        return String::new();
    };
    let data = answer::ended_body(record, *status, outputs);
    format!("event: done\ndata: {data}\n\n")
}
