//! What a job answers, as HTTP: the response of a step, or how the job ended.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::answers::{self, JobAnswer, JobRecord};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::answer;

/// Headers that a response cannot set: they belong to the connection, or are ours.
const NOT_THEIRS: [&str; 14] = [
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "idempotent-replayed",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-id",
];

/// The answer of a job.
pub(crate) fn of(record: &JobRecord, answer: &JobAnswer) -> Response {
    match answer {
        JobAnswer::Ended { status, outputs } => answer::ended(record, *status, outputs),
        JobAnswer::Responded(response) => of_response(response).unwrap_or_else(|| {
            tracing::error!(job = %record.job_id, status = ?response.status, "a step responded with what is no status");
            answer::fixed(StatusCode::INTERNAL_SERVER_ERROR, answer::INTERNAL)
        }),
    }
}

/// What a step responded, if its status is one that can be sent.
pub(crate) fn of_response(from: &answers::Response) -> Option<Response> {
    let status = from.status.unwrap_or(200);
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|_| (200..600).contains(&status))?;
    let (body, content_type) = body_of(&from.body);
    let has_body = !matches!(status.as_u16(), 204 | 205 | 304);
    let mut response = Response::new(Body::from(if has_body { body } else { Bytes::new() }));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set_headers(headers, &from.headers);
    if let Some(content_type) = content_type.filter(|_| has_body)
        && !headers.contains_key(CONTENT_TYPE)
    {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Some(response)
}

/// Text as it is, everything else as JSON; null is an empty body.
fn body_of(body: &Value) -> (Bytes, Option<&'static str>) {
    match body {
        Value::Null => (Bytes::new(), None),
        Value::String(text) => (Bytes::from(text.clone()), Some("text/plain; charset=utf-8")),
        other => (Bytes::from(other.to_string()), Some("application/json")),
    }
}

/// Sets the headers of a response. One that is not theirs to set, or that cannot be sent, is left out.
fn set_headers<'h>(
    headers: &mut HeaderMap,
    given: impl IntoIterator<Item = (&'h String, &'h Value)>,
) {
    for (name, value) in given {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            tracing::debug!(header = name, "a response names what is no header");
            continue;
        };
        if NOT_THEIRS.contains(&name.as_str()) {
            continue;
        }
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match HeaderValue::from_bytes(text.as_bytes()) {
                Ok(value) => {
                    headers.append(&name, value);
                }
                Err(_) => {
                    tracing::debug!(header = %name, "a response's header cannot be sent");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn made(value: Value) -> Option<Response> {
        of_response(&serde_json::from_value(value).expect("a response"))
    }

    #[test]
    fn text_goes_out_as_it_is_and_everything_else_as_json() {
        let content_type = |value| {
            let response = made(value).expect("it can be sent");
            let header = response.headers().get(CONTENT_TYPE);
            header.map(|value| value.to_str().expect("ASCII").to_owned())
        };
        assert_eq!(
            content_type(json!({"body": "hi"})).as_deref(),
            Some("text/plain; charset=utf-8")
        );
        assert_eq!(
            content_type(json!({"body": {"a": 1}})).as_deref(),
            Some("application/json")
        );
        assert_eq!(
            content_type(json!({"body": "<a/>", "headers": {"Content-Type": "text/xml"}}))
                .as_deref(),
            Some("text/xml")
        );
        assert_eq!(content_type(json!({"body": null})), None);
        assert_eq!(content_type(json!({"status": 204, "body": "x"})), None);
    }

    #[test]
    fn a_response_cannot_break_the_connection_or_pass_for_another() {
        let response = made(json!({"status": 201, "headers": {
            "Content-Length": "7", "transfer-encoding": "chunked", "Connection": "close", "X-Request-Id": "mqr_x",
            "X-Fine": "yes", "x-two": ["a", "b"], "bad name": "x", "X-Bad": "a\r\nb: c", "X-Number": 7,
        }}));
        let response = response.expect("it can be sent");
        let names: Vec<_> = response.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-fine", "x-two", "x-number"]);
        assert_eq!(response.headers().get_all("x-two").iter().count(), 2);
    }

    #[test]
    fn a_status_that_cannot_be_an_answer_is_none() {
        for status in [0, 99, 100, 101, 199, 600, 999] {
            assert!(made(json!({"status": status})).is_none(), "{status}");
        }
    }

    proptest! {
        #[test]
        fn no_header_value_adds_a_header(value in ".{0,40}") {
            let response = made(json!({"headers": {"x-given": value}})).expect("it can be sent");
            prop_assert!(response.headers().keys().all(|name| name.as_str() == "x-given"));
        }
    }
}
