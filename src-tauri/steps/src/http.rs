//! `http`: calls somebody's URL. The client behind the port guards destinations and follows no redirect.

use async_trait::async_trait;
use hookloom_engine::outgoing::{Rendered, RequestParts, RequestTemplate, RequestTemplateError};
use hookloom_engine::ports::{
    Answer, Attempt, HttpError, Outcome, OutgoingRequest, Produced, StepRunner,
};
use hookloom_engine::{record, retry};
use hookloom_model::document::HttpStep;
use hookloom_model::journal::{RecordedError, STEP_DATA_BYTES_MAX};
use hookloom_template::{Place, Reference};
use serde_json::{Map, Value};

use crate::produced;
use crate::registry::Wrong;

/// A compiled `http` step.
pub(crate) struct HttpRunner {
    request: RequestTemplate,
    validate_ssl: bool,
}

impl HttpRunner {
    pub fn new(step: &HttpStep) -> Result<Self, Wrong> {
        let request = RequestTemplate::compile(&RequestParts {
            method: &step.method,
            url: &step.url,
            headers: &step.headers,
            body: step.body.as_deref(),
            is_task: false,
        });
        let request = request.map_err(|error| Wrong {
            message: error.to_string(),
            part: match error {
                RequestTemplateError::Method { .. } => "method".to_owned(),
                RequestTemplateError::Template { part, .. } => part,
            },
        })?;
        Ok(Self {
            request,
            validate_ssl: step.validate_ssl,
        })
    }
}

#[async_trait]
impl StepRunner for HttpRunner {
    fn is_pure(&self) -> bool {
        false
    }

    fn references(&self) -> &[Reference] {
        self.request.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        let mut rendered = match self.request.render(attempt.scope, None) {
            Ok(rendered) => rendered,
            Err(error) => return Outcome::Finished(produced::error(error)),
        };
        rendered.default_header("Idempotency-Key", attempt.execution.to_string());
        let depth = attempt.depth.saturating_add(1);
        rendered.set_header("X-Hookloom-Depth", depth.to_string());
        let sent = rendered.sent();
        let called = format!("{} {}", rendered.method, shown_url(&rendered));
        let answer = attempt
            .http
            .send(self.outgoing(rendered, attempt.timeout_ms))
            .await;
        let outcome = match answer {
            Ok(answer) => judge(&called, answer, attempt.clock.now_ms()),
            Err(error) => no_answer(&called, &error),
        };
        with_sent(outcome, sent)
    }
}

impl HttpRunner {
    fn outgoing(&self, rendered: Rendered, timeout_ms: i64) -> OutgoingRequest {
        OutgoingRequest {
            method: rendered.method,
            url: rendered.url,
            headers: rendered.headers,
            body: rendered.body,
            timeout_ms,
            validate_ssl: self.validate_ssl,
            host_from_request: rendered.host_from_request,
            answer_bytes_max: STEP_DATA_BYTES_MAX as u64,
        }
    }
}

/// The URL without user, query and fragment, for messages.
fn shown_url(rendered: &Rendered) -> String {
    let url = &rendered.url;
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn judge(called: &str, answer: Answer, now_ms: i64) -> Outcome {
    let status = answer.status;
    let retry_after_ms = retry::retry_after_ms(&answer.headers, now_ms);
    let data = answer_data(answer);
    if (200..=299).contains(&status) {
        return Outcome::Finished(produced::success(data));
    }
    let failed = Produced {
        data,
        retry_after_ms,
        ..produced::error(record::error("http_status", status_message(called, status)))
    };
    if matches!(status, 408 | 425 | 429 | 500..=599) {
        Outcome::Retryable(failed)
    } else {
        Outcome::Finished(failed)
    }
}

fn status_message(called: &str, status: u16) -> String {
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|code| code.canonical_reason());
    let hint = match status {
        300..=399 => "; redirects are not followed: give the URL that it points to",
        401 | 403 => "; look at the credentials that the step sends",
        404 => "; look at the step's URL",
        _ => "; look at the answer's body for the reason",
    };
    format!(
        "{called} answered {status} {}{hint}",
        reason.unwrap_or_default()
    )
}

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

fn answer_data(answer: Answer) -> Value {
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

fn with_sent(outcome: Outcome, sent: hookloom_model::journal::SentRequest) -> Outcome {
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

#[cfg(test)]
mod tests {
    use hookloom_engine::testing::Rig;
    use serde_json::json;

    use crate::Kinds;

    #[test]
    fn a_document_cannot_hide_how_deep_its_calls_are() {
        let rig = Rig::new(&json!({
            "format": "hookloom.flow/1",
            "name": "tested",
            "steps": [{
                "name": "it", "kind": "http", "method": "POST", "url": "https://steps.example/it",
                "headers": {"x-hookloom-depth": "0"},
            }],
        }))
        .with_kinds(Kinds);
        rig.run(None);
        assert_eq!(
            rig.seen.lock()[0].header("X-Hookloom-Depth"),
            Some("1"),
            "two flows that call each other would never end"
        );
    }
}
