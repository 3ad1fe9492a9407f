//! Whether this process lives, and whether it takes requests: for load balancers, and for whoever starts it again.
//! Strangers learn no more than that; why it takes none is on the control listener.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONNECTION, HeaderValue};

use crate::answer;
use crate::limits::UNAVAILABLE_RETRY_AFTER_S;
use crate::shared::Shared;

pub(crate) const ALIVE: &str = r#"{"status": "alive"}"#;
pub(crate) const READY: &str = r#"{"status": "ready"}"#;
pub(crate) const NOT_READY: &str = r#"{"status": "not_ready"}"#;
pub(crate) const DRAINING: &str = r#"{"status": "draining"}"#;

/// `/healthz`: it answers, so it lives. What it cannot do at the moment does not get better by being started again.
pub(crate) fn alive() -> MethodRouter<Arc<Shared>> {
    get(async || fresh(answer::fixed(StatusCode::OK, ALIVE))).fallback(wrong_method)
}

/// `/readyz`: whether a request would be taken now.
pub(crate) fn ready() -> MethodRouter<Arc<Shared>> {
    get(look).fallback(wrong_method)
}

async fn look(State(shared): State<Arc<Shared>>) -> Response {
    let unready = |body| {
        answer::fixed_retry_after(
            StatusCode::SERVICE_UNAVAILABLE,
            body,
            UNAVAILABLE_RETRY_AFTER_S,
        )
    };
    if shared.stopping.is_cancelled() {
        let mut response = fresh(unready(DRAINING));
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
        return response;
    }
    fresh(match shared.deps.inbox.saving_problem().await {
        None => answer::fixed(StatusCode::OK, READY),
        Some(_) => unready(NOT_READY),
    })
}

/// What was true a moment ago may not be any more.
fn fresh(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn wrong_method() -> Response {
    answer::fixed(StatusCode::METHOD_NOT_ALLOWED, answer::METHOD_NOT_ALLOWED)
}
