//! The one handler: a request that was checked goes to the inbox, and the answer goes out once it is on disk.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::SealedState;
use hookloom_engine::ports::{Accepted, Arrival, InboxError, JobStart};
use hookloom_model::journal::Event;
use hookloom_model::request::sealed_headers_context;
use hookloom_model::{FlowState, TriggerKind, Verdict};
use hookloom_sensitive::Masker;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer;
use crate::body_value::{self, Parsed};
use crate::extract::{Arriving, Verified};
use crate::finish::FinishAnyway;
use crate::idempotency;
use crate::record::{self, KeptBody, mask_bytes};
use crate::refusal::Refusal;
use crate::secret_state::{self, PendingKey};
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
    let parsed = body_value::parse(&request.head, verified.body())?;
    let masker = shared.deps.secrets.masker();
    let content = Content::of(verified.body(), parsed, &masker);
    let masker = content.masker.as_ref().unwrap_or(&masker);
    let idempotency_key = idempotency::of_request(request, masker)?;
    let sealed_headers = seal_headers(shared, request).await?;

    let is_live = request.live.state == FlowState::Live;
    let (secret_state, pending_key) = match &content.secret_state {
        Some(state) if is_live => {
            let id = request.arrived.id;
            let (sealed, key) = secret_state::seal(&shared.deps.job_keys, id, state).await?;
            (Some(sealed), Some(key))
        }
        _ => (None, None),
    };
    let kept = KeptBody::of_accepted(verified.body(), content.kept);
    let verdict = if is_live {
        Verdict::Accepted
    } else {
        Verdict::Held
    };
    let record = record::of(
        request,
        masker,
        kept,
        sealed_headers,
        verdict,
        StatusCode::OK,
        None,
    );
    let start = is_live.then(|| job_start(request, secret_state));
    let arrival = Arrival {
        record: Some(record),
        idempotency_key,
        start,
    };
    commit(Arc::clone(shared), arrival, pending_key).await
}

/// From here on the work is finished even if the caller goes away.
async fn commit(
    shared: Arc<Shared>,
    arrival: Arrival,
    pending_key: Option<PendingKey>,
) -> Result<Response, Refusal> {
    let id = arrival.record.as_ref().map(|record| record.id);
    let accepted = FinishAnyway::new(async move {
        let accepted = shared.deps.inbox.accept(arrival).await;
        match (&accepted, pending_key) {
            (Ok(Accepted::Started { job_id }), _) => (shared.deps.on_started)(*job_id),
            (_, Some(key)) => key.destroy().await,
            _ => {}
        }
        accepted
    })
    .await;
    match (accepted, id) {
        (Ok(Accepted::Started { job_id }), Some(id)) => Ok(answer::accepted(job_id, id)),
        (Ok(Accepted::Duplicate { first, job_id }), _) => Ok(answer::repeated(first, job_id)),
        (Ok(_), _) => Ok(answer::recorded()),
        (Err(InboxError::Unavailable { reason }), _) => Err(Refusal::StorageUnavailable { reason }),
        (Err(InboxError::Internal(source)), _) => {
            tracing::error!(error = %source, "a request could not be saved");
            Err(Refusal::Internal {
                reason: "the request could not be saved".into(),
            })
        }
    }
}

fn job_start(request: &Arriving, secret_state: Option<SealedState>) -> JobStart {
    let (secret_state, names) = match secret_state {
        Some(SealedState { sealed, names }) => (Some(sealed), names),
        None => (None, Vec::new()),
    };
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
            secret_state: names,
        },
        input_blob: None,
        secret_state,
    }
}

async fn seal_headers(shared: &Shared, request: &Arriving) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(credentials) = shown::credentials(&request.head.headers, &request.live.endpoint)
    else {
        return Ok(None);
    };
    let key = shared.deps.secrets.workspace_key().await;
    let key = key.map_err(|error| Refusal::of_secret(&error))?;
    let plain = hookloom_sensitive::Sensitive::new(Value::Object(credentials).to_string());
    let context = sealed_headers_context(request.arrived.id);
    Ok(Some(key.seal(plain.expose().as_bytes(), &context)))
}

/// A body with its secret state apart.
struct Content {
    /// What is stored.
    kept: Vec<u8>,
    secret_state: Option<Map<String, Value>>,
    /// The workspace's masker with the secret state's values on top; none if there is no secret state.
    masker: Option<Masker>,
}

impl Content {
    fn of(body: &Bytes, parsed: Parsed, masker: &Masker) -> Self {
        let Parsed::Json(mut value) = parsed else {
            return Self {
                kept: mask_bytes(body, masker),
                secret_state: None,
                masker: None,
            };
        };
        let secret_state = take_secret_state(&mut value);
        let masker_of_job = secret_state
            .as_ref()
            .map(|state| masker.with_json(&Value::Object(state.clone())));
        let is_masked = masker_of_job
            .as_ref()
            .unwrap_or(masker)
            .mask_json(&mut value);
        let kept = match is_masked || secret_state.is_some() {
            true => value.to_string().into_bytes(),
            // Nothing was secret: the bytes stay exactly as they were sent.
            false => body.to_vec(),
        };
        Self {
            kept,
            secret_state,
            masker: masker_of_job,
        }
    }
}

/// Until the model brings it.
fn take_secret_state(value: &mut Value) -> Option<Map<String, Value>> {
    let fields = value.as_object_mut()?;
    let mut state = Map::new();
    for name in ["_secretStatePut", "__secretStatePut"] {
        if let Some(Value::Object(values)) = fields.shift_remove(name) {
            state.extend(values);
        }
    }
    (!state.is_empty()).then_some(state)
}

impl Shared {
    /// Answers a request that is not accepted, and records why.
    pub fn refuse(&self, request: &Arriving, body: Option<&Bytes>, refusal: Refusal) -> Response {
        let answer = refusal.answer();
        let masker = self.deps.secrets.masker();
        let kept = match body {
            Some(body) => KeptBody::of_rejected(body, &masker),
            None => KeptBody::unread(),
        };
        let mut reason = refusal.reason();
        reason.message = masker.mask_str(&reason.message).into_owned();
        tracing::debug!(request_id = %request.arrived.id, reason = reason.code, "request refused");
        let record = record::of(
            request,
            &masker,
            kept,
            None,
            Verdict::Rejected,
            answer.status(),
            Some(reason),
        );
        self.deps.inbox.record_rejected(record);
        answer
    }
}
