//! Three kinds of steps as the engine's own tests need them: `set` computes, `http` calls, `delay` waits. The real ones are in `steps`,
//! which this crate cannot use.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::Problem;
use hookloom_model::document::{DelayStep, FlowDocument, HttpBody, Step, StepKind};
use hookloom_template::{Reference, ValueTemplate};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::outgoing::{RequestParts, RequestTemplate};
use crate::ports::{Attempt, Outcome, OutgoingRequest, Produced, StepKinds, StepRunner};
use crate::{record, retry};

/// The registry of the engine's own tests.
pub struct FakeKinds;

impl StepKinds for FakeKinds {
    fn prepare(&self, flow: &FlowDocument, step: &Step) -> Result<Arc<dyn StepRunner>, Problem> {
        let wrong = |message: String| Problem::error("template", "", message);
        match &step.kind {
            StepKind::Script(_) => Err(wrong("no test of the engine runs scripts".to_owned())),
            StepKind::Set(set) => {
                let values = set
                    .values
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()));
                let values = ValueTemplate::parse(&Value::Object(values.collect()));
                let values = values.map_err(|(_, error)| wrong(error.to_string()))?;
                Ok(Arc::new(FakeSet(values)))
            }
            StepKind::Http(http) => {
                let request = RequestTemplate::compile(&RequestParts {
                    method: &http.method,
                    url: &http.url,
                    headers: &http.headers,
                    body: match &http.body {
                        Some(HttpBody::Text(text)) => Some(text),
                        _ => None,
                    },
                    is_task: false,
                    inner_destinations: &flow.inner_destinations,
                });
                Ok(Arc::new(FakeCall(
                    request.map_err(|error| wrong(error.to_string()))?,
                )))
            }
            StepKind::Delay(DelayStep::For(for_ms)) => {
                Ok(Arc::new(FakeDelay(for_ms.as_i64().unwrap_or_default())))
            }
            other => Err(wrong(format!(
                "the engine's tests have no `{}`",
                other.as_str()
            ))),
        }
    }
}

struct FakeSet(ValueTemplate);

#[async_trait]
impl StepRunner for FakeSet {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        self.0.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.0.render(attempt.scope) {
            Ok(data) => produced("success", data, None),
            Err(error) => produced("error", Value::Null, Some(error.to_string())),
        })
    }
}

struct FakeDelay(i64);

#[async_trait]
impl StepRunner for FakeDelay {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        &[]
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Waiting {
            until_ms: attempt.clock.now_ms() + self.0,
        }
    }
}

struct FakeCall(RequestTemplate);

#[async_trait]
impl StepRunner for FakeCall {
    fn is_pure(&self) -> bool {
        false
    }

    fn references(&self) -> &[Reference] {
        self.0.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        let mut request = match self.0.render(attempt.scope, None) {
            Ok(request) => request,
            Err(error) => {
                return Outcome::Finished(produced("error", Value::Null, Some(error.message)));
            }
        };
        request.default_header("Idempotency-Key", attempt.execution.to_string());
        let sent = request.sent();
        let answer = attempt.http.send(OutgoingRequest {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
            timeout_ms: attempt.timeout_ms,
            validate_ssl: true,
            host_from_request: request.host_from_request,
            inner_destinations: request.inner_destinations,
            answer_bytes_max: u64::MAX,
            redirects: None,
            certificates: None,
        });
        match answer.await {
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
                let data = json!({"status": answer.status, "body": body});
                let after = retry::retry_after_ms(&answer.headers, attempt.clock.now_ms());
                let error = format!("status {}", answer.status);
                match answer.status {
                    200..=299 => Outcome::Finished(Produced {
                        sent: Some(sent),
                        ..produced("success", data, None)
                    }),
                    429 | 500.. => Outcome::Retryable(Produced {
                        retry_after_ms: after,
                        sent: Some(sent),
                        ..produced("error", data, Some(error))
                    }),
                    _ => Outcome::Finished(produced("error", data, Some(error))),
                }
            }
            Err(error) => Outcome::Retryable(produced("error", Value::Null, Some(error.message))),
        }
    }
}

fn produced(exit_code: &str, data: Value, error: Option<String>) -> Produced {
    Produced {
        exit_code: exit_code.to_owned(),
        data,
        error: error.map(|message| record::error("test", message)),
        memory: IndexMap::new(),
        sent: None,
        logs: Vec::new(),
        retry_after_ms: None,
    }
}
