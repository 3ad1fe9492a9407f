//! The one handler: a request that was checked goes to the inbox, and the answer goes out once it is on disk. What
//! waits for a job after that is in `call`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hookloom_engine::answers::Wait;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Accepted, Answered, Arrival, IdempotencyKey, InboxError, JobStart};
use hookloom_engine::{Begun, SECRET_STATE_DROPPED};
use hookloom_model::document::Mode;
use hookloom_model::journal::Event;
use hookloom_model::request::{Reason, RequestRecord, sealed_headers_context};
use hookloom_model::{FlowState, JobId, TriggerKind, Verdict};
use hookloom_sensitive::Sensitive;
use http::StatusCode;
use http::header::ORIGIN;
use serde_json::{Map, Value};

use crate::answer;
use crate::body_value::{Meaning, masker_of_refused};
use crate::call::{Call, Place};
use crate::cors;
use crate::extract::{Arriving, Verified, Way};
use crate::finish::FinishAnyway;
use crate::handshake;
use crate::own_answer::Answering;
use crate::received::{Content, PendingFiles, Received};
use crate::record::{self, Ending, KeptBody};
use crate::refusal::Refusal;
use crate::repeat::Repeat;
use crate::secret_state::seal_into;
use crate::shared::Shared;
use crate::shown;
use crate::stream::Following;

pub(crate) async fn accept(State(shared): State<Arc<Shared>>, mut verified: Verified) -> Response {
    let taken = match take_in(&shared, &mut verified).await {
        Ok(taken) => taken,
        Err(refusal) => {
            let request = verified.request();
            let mut response = shared.refuse(request, Some(verified.body()), refusal);
            let origin = request.head.headers.get(ORIGIN);
            cors::open(&mut response, &request.live.endpoint, origin);
            return response;
        }
    };
    let origin = verified.request().head.headers.get(ORIGIN).cloned();
    let live = Arc::clone(&verified.request().live);
    // A call may wait long: its body's share of memory is free by then.
    drop(verified);
    let mut response = match taken {
        Taken::Answered(answer) => answer,
        // On the heap, as what is rare is below: every request of a slow sender has room for the largest part of its way.
        Taken::Call(call) => Box::pin(call.answer(&shared)).await,
        Taken::Following(following) => following.answer(&shared),
        Taken::Repeat(repeat) => Box::pin(repeat.answer(&shared)).await,
    };
    cors::open(&mut response, &live.endpoint, origin.as_ref());
    response
}

/// A request that is on disk.
enum Taken {
    /// There is nothing to wait for.
    Answered(Response),
    /// Its job has the answer.
    Call(Call),
    /// Its job is the answer, step by step.
    Following(Following),
    /// The first one with its key has the answer.
    Repeat(Repeat),
}

async fn take_in(shared: &Arc<Shared>, verified: &mut Verified) -> Result<Taken, Refusal> {
    let files = verified.take_files();
    let request = verified.request();
    shared.endpoint_rates.check(&request.live)?;
    let mode = request.mode()?;
    let masker = shared.deps.secrets.masker();
    let content = Meaning::of(&request.head, verified.body(), masker, &shared.large_bodies).await?;
    if let Some(answer) = handshake::in_body(shared, request, content.value.as_ref()).await? {
        if let Some(handshake) = &request.live.endpoint.handshake {
            handshake::record(shared, request, handshake, content.kept);
        }
        return Ok(Taken::Answered(answer));
    }
    check_schema(request, content.value.as_ref())?;
    let is_live = request.live.state == FlowState::Live;
    let ending = Ending {
        verdict: match is_live {
            true => Verdict::Accepted,
            false => Verdict::Held,
        },
        status: StatusCode::OK,
        reason: None,
    };
    let mut record = record::of(request, &content.masker, content.kept, ending);
    record.sealed_headers = seal_headers(shared, request).await?;
    let value = content.value.as_ref();
    let key = shared
        .key_templates
        .key_of(request, &record, value, &content.masker)?;
    let answered = Answered {
        mode,
        version: request.live.version,
    };
    let place = match mode {
        Mode::Sync | Mode::Stream if is_live => Some(Place::take(shared)?),
        _ => None,
    };
    // Only an answer of the endpoint's own looks at the request again.
    let own_record = has_own_answer(&request.live, mode).then(|| record.clone());
    let arrival = Arrival {
        record: Some(record),
        idempotency_key: key.map(|text| IdempotencyKey { text, answered }),
        start: is_live.then(|| job_start(request)),
    };
    let responders = place
        .is_some()
        .then(|| Arc::clone(&request.live.responders));
    let saving = save(
        Arc::clone(shared),
        arrival,
        content.secret_state,
        files,
        responders,
    );
    // From here on the work is finished even if the caller goes away.
    let (accepted, wait) = FinishAnyway::new(saving).await?;
    if let Way::Token(url) = &request.way
        && url.is_used(request.arrived.at_ms)
    {
        shared.deps.calls.note_token(url.id, request.arrived.at_ms);
    }
    let saved = Saved {
        request,
        mode,
        own_record,
        value,
    };
    Ok(saved.taken(shared, accepted, place.zip(wait)))
}

fn has_own_answer(live: &LiveEndpoint, mode: Mode) -> bool {
    match live.state {
        FlowState::Live => mode == Mode::Async && live.endpoint.response.is_some(),
        _ => live.endpoint.off_response.is_some(),
    }
}

/// A request that was handed to the inbox.
struct Saved<'r> {
    request: &'r Arriving,
    mode: Mode,
    own_record: Option<RequestRecord>,
    value: Option<&'r Value>,
}

impl Saved<'_> {
    fn taken(self, shared: &Shared, accepted: Accepted, waiting: Option<(Place, Wait)>) -> Taken {
        let request_id = self.request.arrived.id;
        let live = &self.request.live;
        match (accepted, waiting) {
            (
                Accepted::Duplicate {
                    first,
                    job_id,
                    answered,
                },
                _,
            ) => Taken::Repeat(Repeat {
                request_id,
                first,
                job_id,
                answered,
                live: Arc::clone(live),
            }),
            (Accepted::Started { job_id }, Some((place, wait))) if self.mode == Mode::Stream => {
                Taken::Following(Following {
                    job_id,
                    wait,
                    seen: None,
                    _place: place,
                })
            }
            (Accepted::Started { job_id }, Some((place, wait))) => Taken::Call(Call {
                job_id,
                request_id,
                timeout_ms: live.endpoint.sync_timeout_ms,
                wait,
                seen: None,
                _place: place,
            }),
            (accepted, None) | (accepted @ Accepted::Held, Some(_)) => {
                let job_id = match accepted {
                    Accepted::Started { job_id } => Some(job_id),
                    _ => None,
                };
                Taken::Answered(self.answer(shared, job_id))
            }
        }
    }

    fn answer(self, shared: &Shared, job_id: Option<JobId>) -> Response {
        let id = self.request.arrived.id;
        let Some(record) = self.own_record else {
            return job_id.map_or_else(answer::recorded, |job_id| answer::accepted(job_id, id));
        };
        let answering = Answering {
            answers: &shared.own_answers,
            live: &self.request.live,
            record: &record,
            body: self.value,
        };
        let answer = match job_id {
            Some(job_id) => answering.accepted(job_id, id),
            None => answering.recorded(),
        };
        if answer.status() != StatusCode::OK {
            shared.deps.calls.note_status(id, answer.status().as_u16());
        }
        answer
    }
}

/// Has the request, and the job that it begins, on disk; then tells the executor.
async fn save(
    shared: Arc<Shared>,
    mut arrival: Arrival,
    secret_state: Option<Map<String, Value>>,
    files: PendingFiles,
    responders: Option<Arc<[String]>>,
) -> Result<(Accepted, Option<Wait>), Refusal> {
    let pending_key = match (&mut arrival.start, secret_state) {
        (Some(start), Some(state)) if !state.is_empty() => {
            Some(seal_into(start, &shared.deps.job_keys, &state).await?)
        }
        (None, Some(state)) if !state.is_empty() => {
            // A key lives as long as its job, and there is none: whoever replays the request gives the state again.
            if let Some(record) = &mut arrival.record {
                record.reason.get_or_insert_with(|| dropped_state(&state));
            }
            None
        }
        _ => None,
    };
    let begun = Begun::of(&arrival);
    let accepted = shared.deps.inbox.accept(arrival).await;
    match &accepted {
        // What came of a write that failed is not known: the next start sweeps what is nobody's.
        Ok(Accepted::Started { .. } | Accepted::Held) | Err(InboxError::Internal(_)) => {
            files.keep();
        }
        Ok(Accepted::Duplicate { .. })
        | Err(InboxError::Unavailable { .. } | InboxError::FlowGone) => drop(files),
    }
    let mut wait = None;
    match (&accepted, pending_key) {
        (Ok(Accepted::Started { job_id }), _) => {
            // Before the executor knows the job: nothing that it commits is missed.
            wait = responders.map(|responders| shared.deps.waiters.wait(*job_id, &responders));
            (shared.deps.on_started)(begun.saved_as(*job_id));
        }
        // Nobody knows whether it was saved. If it was, its job must run, and needs its key; else a start sweeps the key.
        (Err(InboxError::Internal(_)), _) => (shared.deps.on_unsure)(),
        (_, Some(key)) => key.destroy().await,
        (_, None) => {}
    }
    let accepted = accepted.map_err(|error| match error {
        // It comes again, and then finds no endpoint.
        InboxError::FlowGone => Refusal::StorageUnavailable {
            reason: "its flow was deleted in this moment".into(),
        },
        InboxError::Unavailable { reason } => Refusal::StorageUnavailable { reason },
        InboxError::Internal(source) => {
            tracing::error!(error = %source, "a request could not be saved");
            Refusal::Internal {
                reason: "the request could not be saved; the log says why".into(),
            }
        }
    })?;
    Ok((accepted, wait))
}

fn dropped_state(state: &Map<String, Value>) -> Reason {
    let names: Vec<&str> = state.keys().map(String::as_str).collect();
    Reason {
        code: SECRET_STATE_DROPPED.to_owned(),
        message: format!(
            "the request began no job, so its secret state was not kept ({}); a replay needs it again",
            names.join(", ")
        ),
    }
}

/// A body that is no text has no value, and fits no schema.
fn check_schema(request: &Arriving, value: Option<&Value>) -> Result<(), Refusal> {
    let Some(schema) = &request.live.endpoint.schema else {
        return Ok(());
    };
    let misfit = match value {
        Some(value) => schema.check(value).err().map(|misfit| misfit.to_string()),
        None => Some("the body is no text".to_owned()),
    };
    misfit.map_or(Ok(()), |reason| Err(Refusal::Schema { reason }))
}

fn job_start(request: &Arriving) -> JobStart {
    JobStart {
        request_id: request.arrived.id,
        flow_id: request.live.flow_id,
        version: request.live.version,
        at_ms: request.arrived.at_ms,
        queued: Event::JobQueued {
            trigger: TriggerKind::Endpoint,
            trigger_name: request.live.endpoint.name.clone(),
            outputs: None,
            input: None,
            secret_state: Vec::new(),
            depth: 0,
        },
        input_blob: None,
        secret_state: None,
        origin: Default::default(),
    }
}

async fn seal_headers(shared: &Shared, request: &Arriving) -> Result<Option<Vec<u8>>, Refusal> {
    let credentials = shown::credentials(&request.head.headers, &request.live.endpoint);
    let Some(credentials) = credentials else {
        return Ok(None);
    };
    let key = shared.deps.secrets.workspace_key().await;
    let key = key.map_err(|error| Refusal::of_secret(&error))?;
    let plain = Sensitive::new(Value::Object(credentials).to_string());
    let context = sealed_headers_context(request.arrived.id);
    Ok(Some(key.seal(plain.expose().as_bytes(), &context)))
}

impl Shared {
    /// Answers a request that is not accepted, and records why.
    pub fn refuse(
        &self,
        request: &Arriving,
        body: Option<&Received>,
        refusal: Refusal,
    ) -> Response {
        let answer = refusal.answer();
        let masker = self.deps.secrets.masker();
        let masker_of_body = body.and_then(|body| match &body.content {
            Content::Memory(bytes) => masker_of_refused(bytes, &masker),
            _ => None,
        });
        let masker = masker_of_body.as_ref().unwrap_or(&masker);
        let kept = match body {
            Some(body) => KeptBody::of_rejected(body, masker),
            None => KeptBody::unread(),
        };
        let mut reason = refusal.reason();
        reason.message = masker.mask_str(&reason.message).into_owned();
        tracing::debug!(request_id = %request.arrived.id, reason = reason.code, "request refused");
        let ending = Ending {
            verdict: Verdict::Rejected,
            status: answer.status(),
            reason: Some(reason),
        };
        let mut record = record::of(request, masker, kept, ending);
        record::cut_head(&mut record);
        self.deps.inbox.record_rejected(record);
        answer
    }
}
