//! `remote`: a step that somebody else runs. A signed message says what is asked; the answer says how it ended.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_engine::outgoing::{Rendered, RequestParts, RequestTemplate};
use hookloom_engine::ports::{Answer, Attempt, Outcome, Produced, StepRunner};
use hookloom_engine::{record, retry};
use hookloom_model::document::{FlowDocument, RemoteStep, Step, exit_code_problem};
use hookloom_model::journal::RecordedError;
use hookloom_signature::{Scheme, SignInput, remote_step, sign};
use hookloom_template::{Reference, Scope, ValueTemplate};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::calling::{self, Manner};
use crate::registry::Wrong;
use crate::{http, produced, value};

/// The scheme that is sent beside the one in the message.
const SCHEME: &str = "standard-webhooks";

/// A compiled `remote` step.
pub(crate) struct RemoteRunner {
    name: String,
    request: RequestTemplate,
    secret: String,
    data: Option<ValueTemplate>,
    /// Direct dependencies, each once, in the document's order.
    dependencies: Vec<String>,
    references: Vec<Reference>,
}

impl RemoteRunner {
    pub fn new(flow: &FlowDocument, step: &Step, kind: &RemoteStep) -> Result<Self, Wrong> {
        let missing = |part: &str| Wrong::new(part, "neither the step nor the flow has it");
        let url = kind.url.as_ref().or(flow.remote_url.as_ref());
        let secret = kind.secret.as_ref().or(flow.remote_secret.as_ref());
        let secret = secret.ok_or_else(|| missing("secret"))?;
        let headers = IndexMap::from([("Content-Type".to_owned(), "application/json".to_owned())]);
        let request = http::compile(&RequestParts {
            method: "POST",
            url: url.ok_or_else(|| missing("url"))?,
            headers: &headers,
            body: None,
            is_task: false,
            inner_destinations: &flow.inner_destinations,
        })?;
        let data = kind.data.as_ref();
        let data = data.map(|data| value::parse("data", data)).transpose()?;
        let mut known = BTreeSet::new();
        let dependencies = step.after.iter().map(|edge| edge.step.clone());
        let dependencies: Vec<String> = dependencies
            .filter(|name| known.insert(name.clone()))
            .collect();
        let mut own = vec![
            reference("job", &[]),
            reference("secrets", &[secret.as_str()]),
        ];
        own.extend(dependencies.iter().map(|name| reference("steps", &[name])));
        let of_data = data.iter().flat_map(ValueTemplate::references);
        let all = request.references().iter().chain(of_data).chain(&own);
        Ok(Self {
            references: value::references(all),
            name: step.name.clone(),
            request,
            secret: secret.clone(),
            data,
            dependencies,
        })
    }

    fn payload(&self, attempt: &Attempt<'_>) -> Result<Value, RecordedError> {
        let scope = attempt.scope;
        let part = |root: &str, path: &str| {
            let value = scope.get(root).map(|value| value[path].clone());
            value.unwrap_or_default()
        };
        let triggered_by = attempt
            .call
            .triggered_by
            .as_ref()
            .map(|by| json!({"step_name": by.step, "step_execution_id": by.execution}));
        let context = json!({
            "flow_id": attempt.call.business_key,
            "flow_name": part("job", "flow"),
            "step_name": self.name,
            "request_id": part("job", "request_id"),
            "triggered_by": triggered_by,
            "dependencies_context": self.dependencies_context(scope),
        });
        let mut payload = Map::new();
        if let Some(data) = &self.data {
            let data = data.render(scope);
            let data =
                data.map_err(|error| record::error(error.code(), format!("data: {error}")))?;
            payload.insert("data".to_owned(), data);
        }
        payload.insert("context".to_owned(), context);
        Ok(Value::Object(payload))
    }

    /// Every direct dependency that ended; in a join of `any` others may still run.
    fn dependencies_context(&self, scope: &Scope) -> Value {
        let mut context = Map::new();
        for name in &self.dependencies {
            let step = scope.get("steps").and_then(|steps| steps.get(name));
            if let Some(step) = step {
                let (data, exit_code) = (&step["data"], &step["exit_code"]);
                context.insert(name.clone(), json!({"data": data, "exit_code": exit_code}));
            }
        }
        Value::Object(context)
    }

    fn render(&self, attempt: &Attempt<'_>) -> Result<Rendered, RecordedError> {
        let payload = self.payload(attempt)?;
        let secrets = attempt.scope.get("secrets");
        let key = secrets.and_then(|secrets| secrets[&self.secret].as_str());
        let key = key.unwrap_or_default();
        let unsigned = |reason: String| {
            let name = &self.secret;
            let text = format!("the message cannot be signed with the secret `{name}`: {reason}");
            record::error("signature", text)
        };
        let signature = remote_step::sign(&payload, key);
        let signature = signature.map_err(|failure| unsigned(failure.explain()))?;
        let body = format!(
            r#"{{"payload":{},"signature":"{signature}"}}"#,
            remote_step::stringify(&payload)
        );
        let mut rendered = self.request.render(attempt.scope, None)?;
        rendered.body = Bytes::from(body);
        let id = attempt.execution.to_string();
        let scheme = Scheme::named(SCHEME).map_err(|error| unsigned(error.to_string()))?;
        let headers = sign(
            scheme,
            &SignInput {
                secret: &remote_step::standard_webhooks_secret(key),
                method: "POST",
                url: rendered.url.as_str(),
                body: &rendered.body,
                timestamp_ms: attempt.clock.now_ms(),
                id: &id,
            },
        );
        for (name, value) in headers.map_err(|failure| unsigned(failure.explain()))? {
            rendered.set_header(&name, value);
        }
        Ok(rendered)
    }
}

#[async_trait]
impl StepRunner for RemoteRunner {
    fn is_pure(&self) -> bool {
        false
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        let rendered = match self.render(&attempt) {
            Ok(rendered) => rendered,
            Err(error) => return Outcome::Finished(produced::error(error)),
        };
        let exchange = calling::exchange(&attempt, rendered, Manner::default()).await;
        exchange.judged(|called, answer| judge(called, answer, attempt.clock.now_ms()))
    }
}

fn reference(root: &str, path: &[&str]) -> Reference {
    Reference {
        root: root.to_owned(),
        path: path.iter().map(|part| (*part).to_owned()).collect(),
    }
}

/// Every status but 2xx is tried again; what a 2xx says is final.
fn judge(called: &str, answer: Answer, now_ms: i64) -> Outcome {
    let status = answer.status;
    if !(200..=299).contains(&status) {
        let retry_after_ms = retry::retry_after_ms(&answer.headers, now_ms);
        let failed = calling::refused(called, status, calling::answer_data(answer));
        return Outcome::Retryable(Produced {
            retry_after_ms,
            ..failed
        });
    }
    if answer.body.trim_ascii().is_empty() {
        return Outcome::Finished(produced::success(Value::Null));
    }
    let Ok(Value::Object(mut said)) = serde_json::from_slice(&answer.body) else {
        let data = calling::answer_data(answer);
        return wrong(
            called,
            "with something that is no JSON object; it may say `exit_code` and `data`, or nothing",
            data,
        );
    };
    let data = said.shift_remove("data").unwrap_or_default();
    match said.shift_remove("exit_code") {
        None | Some(Value::Null) => Outcome::Finished(produced::success(data)),
        Some(Value::String(exit_code)) => match exit_code_problem(&exit_code) {
            Some(problem) => wrong(
                called,
                &format!("with an exit code that is none: {problem}"),
                data,
            ),
            None => ended(called, exit_code, data),
        },
        Some(_) => wrong(called, "with an `exit_code` that is no text", data),
    }
}

fn ended(called: &str, exit_code: String, data: Value) -> Outcome {
    let error = (exit_code == "error").then(|| {
        record::error(
            "remote_error",
            format!("{called} answered with the exit code `error`"),
        )
    });
    Outcome::Finished(Produced {
        exit_code,
        error,
        ..produced::success(data)
    })
}

fn wrong(called: &str, what: &str, data: Value) -> Outcome {
    Outcome::Finished(Produced {
        data,
        ..produced::error(record::error(
            "remote_answer",
            format!("{called} answered {what}"),
        ))
    })
}
