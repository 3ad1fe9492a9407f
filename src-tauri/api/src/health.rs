//! Whether this process lives, and whether it takes requests: the short answers that need no token, and the long one.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::named::named;
use crate::state::ApiState;
use crate::status::{ListenerState, Vault};

/// What a caller is asked to wait while nothing is taken.
const RETRY_AFTER_S: u64 = 5;

/// Whether requests of senders would be taken now, and why not. A locked vault does not make it unready: endpoints that
/// need no secret work, and those that do answer 503 by themselves.
#[utoipa::path(get, path = "/readiness", tag = "status", security(("bearer" = ["read"])),
    responses((status = 200, description = "How it stands, ready or not", body = Readiness)))]
pub(crate) async fn get_readiness(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Readiness>, Error> {
    let (ready, problem) = look(&state).await;
    Ok(Answer(Readiness {
        state: ready,
        problem,
        receiver: state.host.receiver().state,
        jobs: if state.host.runs_jobs() {
            JobsState::Running
        } else {
            JobsState::Starting
        },
        vault: state.secrets.state().into(),
    }))
}

/// Whether requests would be taken now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Readiness {
    pub state: ReadyState,
    /// Why it is not ready.
    pub problem: Option<String>,
    pub receiver: ListenerState,
    pub jobs: JobsState,
    pub vault: Vault,
}

named!(
    /// Whether requests would be taken now.
    ReadyState { Ready = "ready", NotReady = "not_ready", Draining = "draining" }
);

named!(
    /// Whether jobs run. They begin once the vault was asked for its secrets; what is accepted meanwhile waits.
    JobsState { Running = "running", Starting = "starting" }
);

/// `/healthz`: it answers, so it lives.
pub(crate) async fn alive() -> Response {
    short(StatusCode::OK, r#"{"status": "alive"}"#)
}

/// `/readyz`: the state alone, for whoever has no token.
pub(crate) async fn ready(State(state): State<ApiState>) -> Response {
    match look(&state).await.0 {
        ReadyState::Ready => short(StatusCode::OK, r#"{"status": "ready"}"#),
        ReadyState::NotReady => unready(r#"{"status": "not_ready"}"#),
        ReadyState::Draining => unready(r#"{"status": "draining"}"#),
    }
}

/// The state, and why it is not ready.
pub(crate) async fn look(state: &ApiState) -> (ReadyState, Option<String>) {
    if state.stopping.is_cancelled() {
        let why = "Hookloom is stopping: what was begun ends, and nothing new is taken.";
        return (ReadyState::Draining, Some(why.to_owned()));
    }
    let receiver = state.host.receiver();
    if receiver.state == ListenerState::Off {
        let why = receiver.problem.map(|problem| problem.message);
        let why = why.unwrap_or_else(|| "It was not begun.".to_owned());
        let why = format!("The receiver listener is off. {why}");
        return (ReadyState::NotReady, Some(why));
    }
    match state.store.look_at_saving().await {
        None => (ReadyState::Ready, None),
        Some(why) => {
            let why = format!("Nothing can be saved at the moment: {why}.");
            (ReadyState::NotReady, Some(why))
        }
    }
}

fn unready(body: &'static str) -> Response {
    let mut answer = short(StatusCode::SERVICE_UNAVAILABLE, body);
    let wait = HeaderValue::from(RETRY_AFTER_S);
    answer.headers_mut().insert(header::RETRY_AFTER, wait);
    answer
}

fn short(status: StatusCode, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}
