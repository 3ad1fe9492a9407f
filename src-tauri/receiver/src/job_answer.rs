//! What a job answers, as HTTP: the response of a step, or how the job ended.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::stream::try_unfold;
use hookloom_engine::answers::{self, JobAnswer, JobRecord};
use hookloom_engine::ports::{FileError, Files, OpenFile};
use hookloom_model::ids::BadId;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

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
pub(crate) async fn of(files: &dyn Files, record: &JobRecord, answer: &JobAnswer) -> Response {
    let responded = match answer {
        JobAnswer::Ended { status, outputs } => return answer::ended(record, *status, outputs),
        JobAnswer::Responded(responded) => responded,
    };
    let internal = || answer::fixed(StatusCode::INTERNAL_SERVER_ERROR, answer::INTERNAL);
    let Some(response) = of_response(responded) else {
        tracing::error!(job = %record.job_id, status = ?responded.status, "a step responded with what is no status");
        return internal();
    };
    let Some(file) = responded
        .body_file
        .as_ref()
        .filter(|_| has_body(response.status()))
    else {
        return response;
    };
    match with_file(files, response, file).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(job = %record.job_id, %error, "the file that a step responded with cannot be sent");
            internal()
        }
    }
}

/// Why a file cannot be the body of an answer.
#[derive(Debug, thiserror::Error)]
enum FileAnswerError {
    #[error("{0}")]
    Id(#[from] BadId),
    #[error("{0}")]
    File(#[from] FileError),
}

/// The answer with the bytes of a file, as they were received and as they come from the disk.
async fn with_file(
    files: &dyn Files,
    mut response: Response,
    id: &str,
) -> Result<Response, FileAnswerError> {
    let OpenFile { file, content } = files.open(id.parse()?).await?;
    let pieces = try_unfold(content, |mut content| async move {
        let piece = content.next().await?;
        Ok::<_, FileError>(piece.map(|piece| (piece, content)))
    });
    *response.body_mut() = Body::from_stream(pieces);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, file.byte_count.into());
    if !headers.contains_key(CONTENT_TYPE) {
        let given = HeaderValue::try_from(&file.content_type).ok();
        let given = given.filter(|given| !given.is_empty());
        let unknown = HeaderValue::from_static("application/octet-stream");
        headers.insert(CONTENT_TYPE, given.unwrap_or(unknown));
        // The type is what a sender said: a browser must not guess at another.
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    Ok(response)
}

fn has_body(status: StatusCode) -> bool {
    !matches!(status.as_u16(), 204 | 205 | 304)
}

/// The bytes of an answer, and their type where they say it themselves.
#[derive(Clone)]
pub(crate) struct Content {
    bytes: Bytes,
    content_type: Option<&'static str>,
}

impl Content {
    /// Text as it is, everything else as JSON; null is an empty body.
    pub fn of(body: Value) -> Self {
        match body {
            Value::Null => Self {
                bytes: Bytes::new(),
                content_type: None,
            },
            Value::String(text) => Self::text(text),
            other => Self {
                bytes: Bytes::from(other.to_string()),
                content_type: Some("application/json"),
            },
        }
    }

    pub fn text(text: impl Into<Bytes>) -> Self {
        Self {
            bytes: text.into(),
            content_type: Some("text/plain; charset=utf-8"),
        }
    }
}

/// What a step responded, if its status is one that can be sent.
pub(crate) fn of_response(from: &answers::Response) -> Option<Response> {
    of_parts(from.status, &from.headers, Content::of(from.body.clone()))
}

/// An answer with a status that can be sent; 200 unless it is given.
pub(crate) fn of_parts(
    status: Option<u16>,
    headers_given: &Map<String, Value>,
    content: Content,
) -> Option<Response> {
    let status = status.unwrap_or(200);
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|_| (200..600).contains(&status))?;
    let has_body = has_body(status);
    let mut response = Response::new(Body::from(match has_body {
        true => content.bytes,
        false => Bytes::new(),
    }));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set_headers(headers, headers_given);
    if let Some(content_type) = content.content_type.filter(|_| has_body)
        && !headers.contains_key(CONTENT_TYPE)
    {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Some(response)
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
