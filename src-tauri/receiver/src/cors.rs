//! Pages that call an endpoint: which ones may, and what their browser wants to be told.
//!
//! An endpoint without `allowed_origins` looks at none: servers call it, and they send no `Origin`.

use axum::response::Response;
use hookloom_model::document::Endpoint;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HeaderValue, ORIGIN, VARY,
};
use http::request::Parts;
use http::{Method, StatusCode};

use crate::extract::Arriving;
use crate::refusal::Refusal;
use crate::shown::text;

/// How long a browser may remember what a path takes, in seconds.
const PREFLIGHT_KEPT_S: u32 = 600;
/// Headers of ours that a page may read.
const EXPOSED: &str = "x-request-id, idempotent-replayed, retry-after";

/// The method that a browser asks for beforehand.
pub(crate) fn asked_method(head: &Parts) -> Option<Method> {
    let asked = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    let is_asking = head.method == Method::OPTIONS && head.headers.contains_key(ORIGIN);
    is_asking
        .then(|| Method::from_bytes(asked.as_bytes()).ok())
        .flatten()
}

/// Whether a browser asks what the endpoint takes, and the endpoint has an answer to that.
pub(crate) fn is_preflight(endpoint: &Endpoint, head: &Parts) -> bool {
    endpoint.allowed_origins.is_some() && asked_method(head).is_some()
}

/// Refuses requests of pages that may not call the endpoint.
pub(crate) fn check(endpoint: &Endpoint, head: &Parts) -> Result<(), Refusal> {
    let Some(allowed) = &endpoint.allowed_origins else {
        return Ok(());
    };
    let Some(origin) = head.headers.get(ORIGIN) else {
        return Ok(());
    };
    if is_allowed(allowed, origin) {
        return Ok(());
    }
    Err(Refusal::Origin {
        given: text(origin.as_bytes()).chars().take(128).collect(),
        allowed: allowed.clone(),
    })
}

fn is_allowed(allowed: &[String], origin: &HeaderValue) -> bool {
    allowed
        .iter()
        .any(|known| known == "*" || known.as_bytes().eq_ignore_ascii_case(origin.as_bytes()))
}

/// What a browser is told before it sends the request itself.
pub(crate) fn preflight(request: &Arriving) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::try_from(request.allowed.join(", ")) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    if let Some(asked) = request.head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(PREFLIGHT_KEPT_S));
    response
}

/// Lets a page that may call read the answer. A refused one learns nothing.
pub(crate) fn open(response: &mut Response, endpoint: &Endpoint, origin: Option<&HeaderValue>) {
    let Some(allowed) = &endpoint.allowed_origins else {
        return;
    };
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_name(ORIGIN));
    let Some(origin) = origin.filter(|origin| is_allowed(allowed, origin)) else {
        return;
    };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    if headers.contains_key(CONTENT_TYPE) {
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }
}
