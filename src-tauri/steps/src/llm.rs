//! `llm`: asks a language model at any server with OpenAI's `chat/completions`. The whole answer at once, no stream.

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_engine::outgoing::{Rendered, RequestParts, RequestTemplate};
use hookloom_engine::ports::{Answer, Attempt, Outcome, Produced, StepRunner};
use hookloom_engine::{record, retry};
use hookloom_model::document::{FlowDocument, LlmStep};
use hookloom_model::journal::RecordedError;
use hookloom_template::{Place, Reference, Template, ValueTemplate};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::calling::{self, Manner};
use crate::registry::Wrong;
use crate::{http, produced, value};

/// What the API's base lacks.
const COMPLETIONS: [&str; 2] = ["chat", "completions"];

/// A compiled `llm` step.
pub(crate) struct LlmRunner {
    request: RequestTemplate,
    model: Template,
    messages: ValueTemplate,
    secret: Option<String>,
    temperature: Option<f64>,
    max_tokens: Option<i64>,
    json: bool,
    references: Vec<Reference>,
}

impl LlmRunner {
    pub fn new(flow: &FlowDocument, step: &LlmStep) -> Result<Self, Wrong> {
        let headers = IndexMap::from([("Content-Type".to_owned(), "application/json".to_owned())]);
        let request = http::compile(&RequestParts {
            method: "POST",
            url: &step.url,
            headers: &headers,
            body: None,
            is_task: false,
            inner_destinations: &flow.inner_destinations,
        })?;
        let model = Template::parse(&step.model, Place::Text);
        let model = model.map_err(|error| Wrong::new("model", error))?;
        let messages = value::parse("messages", &step.messages)?;
        let secret = step.secret.iter().map(|name| Reference {
            root: "secrets".to_owned(),
            path: vec![name.clone()],
        });
        let secret: Vec<Reference> = secret.collect();
        let of_texts = model.references().iter().chain(messages.references());
        let all = request.references().iter().chain(of_texts).chain(&secret);
        Ok(Self {
            references: value::references(all),
            request,
            model,
            messages,
            secret: step.secret.clone(),
            temperature: step.temperature,
            max_tokens: step.max_tokens,
            json: step.json,
        })
    }

    fn render(&self, attempt: &Attempt<'_>) -> Result<Rendered, RecordedError> {
        let scope = attempt.scope;
        let model = self.model.render(scope, None);
        let model =
            model.map_err(|error| record::error(error.code(), format!("model: {error}")))?;
        let messages = self.messages.render(scope);
        let messages = messages
            .map_err(|error| record::error(error.code(), format!("what is asked: {error}")))?;
        let mut asked = Map::new();
        asked.insert("model".to_owned(), model.into());
        asked.insert("messages".to_owned(), messages);
        if let Some(temperature) = self.temperature {
            asked.insert("temperature".to_owned(), temperature.into());
        }
        if let Some(max_tokens) = self.max_tokens {
            asked.insert("max_tokens".to_owned(), max_tokens.into());
        }
        if self.json {
            asked.insert("response_format".to_owned(), json!({"type": "json_object"}));
        }
        let mut rendered = self.request.render(scope, None)?;
        let path = rendered.url.path().trim_end_matches('/').to_owned();
        if !path.ends_with("/chat/completions")
            && let Ok(mut segments) = rendered.url.path_segments_mut()
        {
            segments.pop_if_empty().extend(COMPLETIONS);
        }
        if let Some(name) = &self.secret {
            let secret = scope
                .get("secrets")
                .and_then(|secrets| secrets[name].as_str());
            let bearer = format!("Bearer {}", secret.unwrap_or_default());
            rendered.set_header("Authorization", bearer);
        }
        rendered.body = Bytes::from(Value::Object(asked).to_string());
        Ok(rendered)
    }

    fn judge(&self, called: &str, answer: Answer, now_ms: i64) -> Outcome {
        let status = answer.status;
        let retry_after_ms = retry::retry_after_ms(&answer.headers, now_ms);
        let data = calling::answer_data(answer);
        if !(200..=299).contains(&status) {
            let mut failed = calling::refused(called, status, data);
            failed.retry_after_ms = retry_after_ms;
            return match calling::is_worth_retrying(status) {
                true => Outcome::Retryable(failed),
                false => Outcome::Finished(failed),
            };
        }
        let mut said = data;
        Outcome::Finished(self.said(called, said["body"].take()))
    }

    /// What the model said.
    fn said(&self, called: &str, mut body: Value) -> Produced {
        let choice = &body["choices"][0];
        let finish_reason = choice["finish_reason"].clone();
        let Some(text) = choice["message"]["content"].as_str().map(str::to_owned) else {
            let message = format!(
                "{called} answered without a text of the model, which belongs to \
                 `choices[0].message.content`; look at the step's data, and whether the URL is that of \
                 an OpenAI-compatible API"
            );
            return Produced {
                data: body,
                ..produced::error(record::error("llm_answer", message))
            };
        };
        let parsed = self
            .json
            .then(|| serde_json::from_str::<Value>(unfenced(&text)));
        let mut data = Map::new();
        data.insert("text".to_owned(), text.into());
        let mut error = None;
        match parsed {
            None => {}
            Some(Ok(value)) => {
                data.insert("json".to_owned(), value);
            }
            Some(Err(why)) => error = Some(no_json(&why, &finish_reason)),
        }
        data.insert("model".to_owned(), body["model"].take());
        data.insert("finish_reason".to_owned(), finish_reason);
        data.insert("usage".to_owned(), body["usage"].take());
        match error {
            None => produced::success(Value::Object(data)),
            Some(error) => Produced {
                data: Value::Object(data),
                ..produced::error(error)
            },
        }
    }
}

#[async_trait]
impl StepRunner for LlmRunner {
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
        exchange.judged(|called, answer| self.judge(called, answer, attempt.clock.now_ms()))
    }
}

/// Models like to put JSON into a fence, although nobody asked for one.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let inner = text
        .strip_prefix("```json")
        .or_else(|| text.strip_prefix("```"))
        .and_then(|text| text.strip_suffix("```"));
    inner.map_or(text, str::trim)
}

fn no_json(why: &serde_json::Error, finish_reason: &Value) -> RecordedError {
    let hint = match finish_reason.as_str() {
        Some("length") => "it was cut off: give it more max_tokens",
        _ => "say in the prompt that only JSON is wanted, and in which form",
    };
    // The place of the mistake says nothing of the text itself.
    let at = format!("line {}, column {}", why.line(), why.column());
    let message = format!("the model's text is no JSON (at {at}); {hint}");
    record::error("llm_no_json", message)
}
