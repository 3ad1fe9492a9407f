//! The public URLs, and everything that a request passes on its way in and out.
//!
//! No admin route will ever stand here.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use futures::FutureExt;
use http::header::{CONNECTION, HeaderValue};
use http::{StatusCode, Uri};

use crate::accept::accept;
use crate::answer;
use crate::extract::{Arrived, Arriving};
use crate::health;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::status_url;

/// The whole stack, outermost last.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        // Methods are checked after the path, by the endpoint: the contract's order.
        .route("/api/webhook/{workspace}/{flow}", any(accept))
        .route("/api/webhook/{workspace}/{flow}/{endpoint}", any(accept))
        .route("/api/call/{endpoint}", any(accept))
        .route("/hook/{token}", any(accept))
        .route("/in/{*path}", any(accept))
        .route("/hook/status/{token}", any(status_url::show))
        .fallback(unknown)
        .layer(from_fn_with_state(Arc::clone(&shared), guard))
        // Outside the guard: they answer also while nothing else does.
        .route("/healthz", health::alive())
        .route("/readyz", health::ready())
        .with_state(shared)
}

/// The answer to a path that no endpoint has, the same for all of them.
pub(crate) fn unknown_path(shared: &Shared) -> Response {
    shared.unknown_paths.fetch_add(1, Ordering::Relaxed);
    answer::fixed(StatusCode::NOT_FOUND, answer::NOT_FOUND)
}

async fn unknown(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    if shared.probes.comes(uri.path()) {
        return answer::fixed(StatusCode::NO_CONTENT, "");
    }
    unknown_path(&shared)
}

/// Around everything: refuses while nothing can be taken, turns a panic into an answer, and puts the request's
/// id on whatever goes out.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let Some(arrived) = request.extensions().get::<Arrived>().copied() else {
        return answer::fixed(StatusCode::INTERNAL_SERVER_ERROR, answer::INTERNAL);
    };
    let _in_flight = shared.in_flight.token();
    let mut response = match shared.closed() {
        Some(refusal) => refuse_unread(&shared, request, arrived, refusal),
        None => {
            // Cheap copies, for the record of a request whose handler panics.
            let (method, uri) = (request.method().clone(), request.uri().clone());
            match AssertUnwindSafe(next.run(request)).catch_unwind().await {
                Ok(response) => response,
                Err(panic) => {
                    tracing::error!(request_id = %arrived.id, panic = panic_text(&*panic), "a handler panicked");
                    let mut again = Request::default();
                    (*again.method_mut(), *again.uri_mut()) = (method, uri);
                    let reason = "a handler panicked; the log says where".into();
                    refuse_unread(&shared, again, arrived, Refusal::Internal { reason })
                }
            }
        }
    };
    if shared.stopping.is_cancelled() {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if !response.headers().contains_key(answer::X_REQUEST_ID) {
        answer::set_request_id(response.headers_mut(), arrived.id);
    }
    response
}

/// Refuses a request whose body stays unread; it is on record if an endpoint has its path.
fn refuse_unread(
    shared: &Shared,
    request: Request,
    arrived: Arrived,
    refusal: Refusal,
) -> Response {
    let (head, _) = request.into_parts();
    match shared.target_of(&head) {
        Some(target) => shared.refuse(&Arriving::new(arrived, target, head), None, refusal),
        None => refusal.answer(),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
