//! The answers that callers get, byte for byte. Senders depend on them: change nothing here without the contract.
//!
//! Why a request was refused is the business of `refusal`; the caller never learns more than what stands here.

use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::answers::JobRecord;
use hookloom_model::{JobId, JobStatus, RequestId};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(crate) const UNAVAILABLE: &str = r#"{"error": "Service unavailable"}"#;
pub(crate) const NOT_FOUND: &str = r#"{"error": "Not found"}"#;
pub(crate) const METHOD_NOT_ALLOWED: &str = r#"{"error": "Method not allowed"}"#;
pub(crate) const TOO_MANY_REQUESTS: &str = r#"{"error": "Too many requests"}"#;
pub(crate) const INVALID_SHARED_KEY: &str = r#"{"error": "Invalid shared key"}"#;
pub(crate) const INVALID_CREDENTIALS: &str = r#"{"error": "Invalid credentials"}"#;
pub(crate) const INVALID_SIGNATURE: &str = r#"{"error": "Invalid signature"}"#;
pub(crate) const ORIGIN_NOT_ALLOWED: &str = r#"{"error": "Origin not allowed"}"#;
pub(crate) const LOOP_DETECTED: &str = r#"{"error": "Loop detected"}"#;
pub(crate) const UNSUPPORTED_CONTENT_TYPE: &str = r#"{"error": "Unsupported content type"}"#;
pub(crate) const TOO_LARGE: &str = r#"{"error": "Request too large"}"#;
pub(crate) const INVALID_FORMAT: &str = r#"{"error": "Invalid request format"}"#;
pub(crate) const IN_PROGRESS: &str = r#"{"error": "Already in progress"}"#;
pub(crate) const ANSWER_GONE: &str = r#"{"error": "Answer no longer kept"}"#;
pub(crate) const INTERNAL: &str = r#"{"error": "Internal server error"}"#;
const RECORDED: &str = r#"{"status": "recorded", "workflow_started": false}"#;

/// An answer of the table with a body that never changes.
pub(crate) fn fixed(status: StatusCode, body: &'static str) -> Response {
    with_body(status, Bytes::from_static(body.as_bytes()))
}

/// The same, telling the caller when to come again.
pub(crate) fn fixed_retry_after(status: StatusCode, body: &'static str, seconds: u64) -> Response {
    let mut response = fixed(status, body);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response.extensions_mut().insert(NotNow);
    response
}

/// A job begins.
pub(crate) fn accepted(job_id: JobId, request_id: RequestId) -> Response {
    let body = format!(
        r#"{{"status": "accepted", "workflow_started": true, "job_id": {job_id}, "request_id": "{request_id}"}}"#
    );
    with_body(StatusCode::OK, Bytes::from(body))
}

/// The flow is off or paused: the request is kept, and nothing begins.
pub(crate) fn recorded() -> Response {
    fixed(StatusCode::OK, RECORDED)
}

/// The call waited long enough: its job goes on, and the URL says what becomes of it.
pub(crate) fn running(job_id: JobId, request_id: RequestId, status_url: &str) -> Response {
    let body = format!(
        r#"{{"status": "running", "job_id": {job_id}, "request_id": "{request_id}", "status_url": "{status_url}"}}"#
    );
    with_body(StatusCode::ACCEPTED, Bytes::from(body))
}

/// The job has ended, and no step of it responded.
pub(crate) fn ended(
    record: &JobRecord,
    status: JobStatus,
    outputs: &Map<String, Value>,
) -> Response {
    let http = match status {
        JobStatus::Complete => StatusCode::OK,
        JobStatus::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    with_body(http, Bytes::from(ended_body(record, status, outputs)))
}

/// How a job ended, as JSON.
pub(crate) fn ended_body(
    record: &JobRecord,
    status: JobStatus,
    outputs: &Map<String, Value>,
) -> String {
    let (job_id, request_id) = (record.job_id, record.request_id);
    let outputs = serde_json::to_string(outputs).unwrap_or_else(|_| "{}".to_owned());
    format!(
        r#"{{"status": "{status}", "job_id": {job_id}, "request_id": "{request_id}", "outputs": {outputs}}}"#
    )
}

/// Says that nothing can be told now: the caller may ask again, and has not got its answer yet.
#[derive(Clone, Copy)]
pub(crate) struct NotNow;

/// Marks an answer as the one that the first request with the same idempotency key got, if it is one.
pub(crate) fn replayed(mut response: Response, first: RequestId) -> Response {
    if response.extensions().get::<NotNow>().is_some() {
        return response;
    }
    set_request_id(response.headers_mut(), first);
    response
        .headers_mut()
        .insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    response
}

pub(crate) fn set_request_id(headers: &mut HeaderMap, id: RequestId) {
    let value = HeaderValue::from_maybe_shared(Bytes::from(id.to_string()))
        .expect("an id is ASCII letters, digits and an underscore");
    headers.insert(X_REQUEST_ID, value);
}

pub(crate) fn with_body(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(axum::body::Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}
