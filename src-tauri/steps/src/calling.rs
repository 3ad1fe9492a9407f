//! What every kind that calls somebody does alike: one exchange, and what its end means for retries.

use hookloom_engine::outgoing::Rendered;
use hookloom_engine::ports::{
    Answer, Attempt, HttpError, Outcome, OutgoingRequest, Produced, Redirects,
};
use hookloom_engine::record;
use hookloom_model::journal::{RecordedError, STEP_DATA_BYTES_MAX, SentRequest};
use hookloom_template::Place;
use serde_json::{Map, Value};

use crate::produced;

/// What may differ from call to call.
pub(crate) struct Manner {
    pub validate_ssl: bool,
    pub redirects: Option<Redirects>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            validate_ssl: true,
            redirects: None,
        }
    }
}

/// An exchange that ended.
pub(crate) struct Exchange {
    pub sent: SentRequest,
    /// Method and URL for messages, without what may be secret.
    pub called: String,
    pub answer: Result<Answer, HttpError>,
}

impl Exchange {
    /// How the attempt ended: what `judge` makes of the answer, with what was sent.
    pub fn judged(self, judge: impl FnOnce(&str, Answer) -> Outcome) -> Outcome {
        let outcome = match self.answer {
            Ok(answer) => judge(&self.called, answer),
            Err(error) => no_answer(&self.called, &error),
        };
        with_sent(outcome, self.sent)
    }
}

/// Sends a request as this attempt's call.
pub(crate) async fn exchange(
    attempt: &Attempt<'_>,
    mut rendered: Rendered,
    manner: Manner,
) -> Exchange {
    rendered.default_header("Idempotency-Key", attempt.execution.to_string());
    let depth = attempt.depth.saturating_add(1);
    rendered.set_header("X-Hookloom-Depth", depth.to_string());
    let sent = rendered.sent();
    let called = format!("{} {}", rendered.method, shown_url(&rendered));
    let mut redirects = manner.redirects;
    if let Some(redirects) = &mut redirects {
        let ours = ["idempotency-key", "x-hookloom-depth"];
        redirects.kept_headers.extend(ours.map(str::to_owned));
    }
    let request = OutgoingRequest {
        method: rendered.method,
        url: rendered.url,
        headers: rendered.headers,
        body: rendered.body,
        timeout_ms: attempt.timeout_ms,
        validate_ssl: manner.validate_ssl,
        host_from_request: rendered.host_from_request,
        inner_destinations: rendered.inner_destinations,
        answer_bytes_max: STEP_DATA_BYTES_MAX as u64,
        redirects,
        certificates: rendered.certificates,
    };
    Exchange {
        sent,
        called,
        answer: attempt.http.send(request).await,
    }
}

/// Whether a call that was answered so may end otherwise another time.
pub(crate) fn is_worth_retrying(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// An attempt whose answer's status is no success.
pub(crate) fn refused(called: &str, status: u16, data: Value) -> Produced {
    Produced {
        data,
        ..produced::error(record::error("http_status", status_message(called, status)))
    }
}

/// The URL without user, query and fragment, for messages.
fn shown_url(rendered: &Rendered) -> String {
    let url = &rendered.url;
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn status_message(called: &str, status: u16) -> String {
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|code| code.canonical_reason());
    let hint = match status {
        300..=399 => "; give the URL that it points to, or let the step follow redirects",
        401 | 403 => "; look at the credentials that the step sends",
        404 => "; look at the step's URL",
        413 => {
            "; it takes no request that long (Express refuses JSON over 100 kB unless its `limit` is set)"
        }
        _ => "; look at the answer's body for the reason",
    };
    format!(
        "{called} answered {status} {}{hint}",
        reason.unwrap_or_default()
    )
}

/// The end of an attempt without an answer.
fn no_answer(called: &str, error: &HttpError) -> Outcome {
    let recorded = RecordedError {
        code: error.kind.as_str().to_owned(),
        message: format!("{called} gave no answer: {error}"),
    };
    let failed = produced::error(recorded);
    if error.kind.is_worth_retrying() {
        Outcome::Retryable(failed)
    } else {
        Outcome::Finished(failed)
    }
}

/// Status, headers and body of an answer; a JSON body is parsed.
pub(crate) fn answer_data(answer: Answer) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    let mut is_json = false;
    for (name, value) in answer.headers {
        is_json |= name == "content-type" && Place::for_content_type(&value) == Place::Json;
        match headers.get_mut(&name) {
            Some(Value::String(known)) => {
                known.push_str(", ");
                known.push_str(&value);
            }
            _ => {
                headers.insert(name, Value::String(value));
            }
        }
    }
    let parsed = if is_json && !answer.body.is_empty() {
        serde_json::from_slice(&answer.body).ok()
    } else {
        None
    };
    let body = parsed.unwrap_or_else(|| match (is_json, answer.body.is_empty()) {
        (true, true) => Value::Null,
        _ => Value::String(String::from_utf8_lossy(&answer.body).into_owned()),
    });
    let mut data = Map::new();
    data.insert("status".to_owned(), answer.status.into());
    data.insert("headers".to_owned(), Value::Object(headers));
    data.insert("body".to_owned(), body);
    Value::Object(data)
}

/// The outcome with what was sent.
fn with_sent(outcome: Outcome, sent: SentRequest) -> Outcome {
    match outcome {
        Outcome::Finished(produced) => Outcome::Finished(Produced {
            sent: Some(sent),
            ..produced
        }),
        Outcome::Retryable(produced) => Outcome::Retryable(Produced {
            sent: Some(sent),
            ..produced
        }),
        waiting @ Outcome::Waiting { .. } => waiting,
    }
}
