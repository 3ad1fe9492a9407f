//! The one handler: a request that was checked goes to the inbox, and the answer goes out once it is on disk.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::Begun;
use hookloom_engine::ports::{Accepted, Arrival, InboxError, JobStart};
use hookloom_model::journal::Event;
use hookloom_model::request::sealed_headers_context;
use hookloom_model::{FlowState, TriggerKind, Verdict};
use hookloom_sensitive::Sensitive;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer;
use crate::body_value::{Content, masker_of_refused};
use crate::extract::{Arriving, Verified};
use crate::finish::FinishAnyway;
use crate::record::{self, Ending, KeptBody};
use crate::refusal::Refusal;
use crate::secret_state::seal_into;
use crate::shared::Shared;
use crate::shown;

pub(crate) async fn accept(State(shared): State<Arc<Shared>>, verified: Verified) -> Response {
    match take_in(&shared, &verified).await {
        Ok(answer) => answer,
        Err(refusal) => shared.refuse(verified.request(), Some(verified.body()), refusal),
    }
}

async fn take_in(shared: &Arc<Shared>, verified: &Verified) -> Result<Response, Refusal> {
    let request = verified.request();
    shared.endpoint_rates.check(&request.live)?;
    let masker = shared.deps.secrets.masker();
    let content = Content::of(&request.head, verified.body(), masker, &shared.large_bodies).await?;
    let is_live = request.live.state == FlowState::Live;
    let verdict = if is_live {
        Verdict::Accepted
    } else {
        Verdict::Held
    };
    let ending = Ending {
        verdict,
        status: StatusCode::OK,
        reason: None,
    };
    let mut record = record::of(request, &content.masker, content.kept, ending);
    record.sealed_headers = seal_headers(shared, request).await?;
    let idempotency_key =
        shared
            .key_templates
            .key_of(request, &record, content.value.as_ref(), &content.masker)?;
    let start = is_live.then(|| job_start(request));
    let arrival = Arrival {
        record: Some(record),
        idempotency_key,
        start,
    };
    let saving = save(Arc::clone(shared), arrival, content.secret_state);
    // From here on the work is finished even if the caller goes away.
    Ok(match FinishAnyway::new(saving).await? {
        Accepted::Started { job_id } => answer::accepted(job_id, request.arrived.id),
        Accepted::Duplicate { first, job_id } => answer::repeated(first, job_id),
        Accepted::Held => answer::recorded(),
    })
}

/// Has the request, and the job that it begins, on disk; then tells the executor.
async fn save(
    shared: Arc<Shared>,
    mut arrival: Arrival,
    secret_state: Option<Map<String, Value>>,
) -> Result<Accepted, Refusal> {
    let pending_key = match (&mut arrival.start, secret_state) {
        (Some(start), Some(state)) if !state.is_empty() => {
            Some(seal_into(start, &shared.deps.job_keys, &state).await?)
        }
        // The state of a request that begins nothing is of no use to anybody.
        _ => None,
    };
    let begun = Begun::of(&arrival);
    let accepted = shared.deps.inbox.accept(arrival).await;
    match (&accepted, pending_key) {
        (Ok(Accepted::Started { job_id }), _) => (shared.deps.on_started)(begun.saved_as(*job_id)),
        (_, Some(key)) => key.destroy().await,
        (_, None) => {}
    }
    accepted.map_err(|error| match error {
        InboxError::Unavailable { reason } => Refusal::StorageUnavailable { reason },
        InboxError::Internal(source) => {
            tracing::error!(error = %source, "a request could not be saved");
            Refusal::Internal {
                reason: "the request could not be saved; the log says why".into(),
            }
        }
    })
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
        },
        input_blob: None,
        secret_state: None,
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
    pub fn refuse(&self, request: &Arriving, body: Option<&Bytes>, refusal: Refusal) -> Response {
        let answer = refusal.answer();
        let masker = self.deps.secrets.masker();
        let masker_of_body = body.and_then(|body| masker_of_refused(body, &masker));
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
