//! `http`: calls somebody's URL. The client behind the port guards destinations and follows redirects where it may.

use async_trait::async_trait;
use hookloom_engine::outgoing::{Rendered, RequestParts, RequestTemplate, RequestTemplateError};
use hookloom_engine::ports::{Answer, Attempt, Outcome, Redirects, StepRunner};
use hookloom_engine::{record, retry};
use hookloom_model::document::{FlowDocument, HttpBody, HttpStep, StatusRanges};
use hookloom_model::journal::RecordedError;
use hookloom_template::{Reference, Scope, ValueTemplate, text_of};
use serde_json::Value;

use crate::calling::{self, Manner};
use crate::form::FormTemplate;
use crate::registry::Wrong;
use crate::{file, produced, value};

/// Redirects that a step follows in a row.
const REDIRECTS_MAX: u32 = 5;

/// A compiled `http` step.
pub(crate) struct HttpRunner {
    request: RequestTemplate,
    query: Vec<(String, ValueTemplate)>,
    body: Body,
    validate_ssl: bool,
    success_statuses: StatusRanges,
    redirects: Option<Redirects>,
    references: Vec<Reference>,
}

/// The body where it is not a text of the request itself.
enum Body {
    OfRequest,
    File(ValueTemplate),
    Form(FormTemplate),
}

impl HttpRunner {
    pub fn new(flow: &FlowDocument, step: &HttpStep) -> Result<Self, Wrong> {
        let text = match &step.body {
            Some(HttpBody::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let request = compile(&RequestParts {
            method: &step.method,
            url: &step.url,
            headers: &step.headers,
            body: text,
            is_task: false,
            inner_destinations: &flow.inner_destinations,
        })?;
        let mut query = Vec::with_capacity(step.query.len());
        for (name, given) in &step.query {
            let part = format!("query/{}", value::escape_pointer(name));
            query.push((name.clone(), value::parse(&part, given)?));
        }
        let body = match &step.body {
            Some(HttpBody::File(file)) => Body::File(value::parse("body_file", file)?),
            Some(HttpBody::Form(parts)) => Body::Form(FormTemplate::new(parts)?),
            Some(HttpBody::Text(_)) | None => Body::OfRequest,
        };
        let of_body: Vec<Reference> = match &body {
            Body::OfRequest => Vec::new(),
            Body::File(file) => file.references().to_vec(),
            Body::Form(form) => form.references(),
        };
        let of_query = query.iter().flat_map(|(_, value)| value.references());
        let all = request.references().iter().chain(of_query).chain(&of_body);
        let mut redirects = request.redirects(REDIRECTS_MAX);
        let is_secret = |name: &Reference| matches!(name.root.as_str(), "secrets" | "secretState");
        redirects.body_has_secret |= of_body.iter().any(is_secret);
        Ok(Self {
            references: value::references(all),
            redirects: step.follow_redirects.then_some(redirects),
            request,
            query,
            body,
            validate_ssl: step.validate_ssl,
            success_statuses: step.success_statuses.clone(),
        })
    }

    /// The request, and its body as the record shows it where the bytes themselves are not worth showing.
    async fn render(
        &self,
        attempt: &Attempt<'_>,
    ) -> Result<(Rendered, Option<String>), RecordedError> {
        let mut rendered = self.request.render(attempt.scope, None)?;
        self.add_query(&mut rendered, attempt.scope)?;
        let shown = match &self.body {
            Body::OfRequest => None,
            Body::File(template) => {
                let given = template
                    .render(attempt.scope)
                    .map_err(|error| record::error(error.code(), format!("body_file: {error}")))?;
                let loaded = file::load(attempt.files, &given, file::SENT_BYTES_MAX).await?;
                if !loaded.file.content_type.is_empty() {
                    rendered.default_header("Content-Type", loaded.file.content_type.as_str());
                }
                let shown = loaded.shown();
                rendered.body = loaded.bytes;
                Some(shown)
            }
            Body::Form(form) => {
                let boundary = format!("hookloom-{}", attempt.execution);
                let made = form.render(attempt, &boundary).await?;
                rendered.set_header("Content-Type", made.content_type);
                rendered.body = made.bytes;
                Some(made.shown)
            }
        };
        Ok((rendered, shown))
    }

    /// Names and values behind the query that the URL has already. A list repeats its name; null leaves it out.
    fn add_query(&self, rendered: &mut Rendered, scope: &Scope) -> Result<(), RecordedError> {
        let mut pairs = Vec::new();
        for (name, template) in &self.query {
            let given = template.render(scope);
            let given = given
                .map_err(|error| record::error(error.code(), format!("query {name}: {error}")))?;
            let values = match given {
                Value::Array(values) => values,
                one => vec![one],
            };
            let values = values.into_iter().filter(|value| !value.is_null());
            pairs.extend(values.map(|value| (name, value)));
        }
        if !pairs.is_empty() {
            let mut query = rendered.url.query_pairs_mut();
            for (name, value) in &pairs {
                query.append_pair(name, &text_of(value));
            }
        }
        Ok(())
    }

    fn judge(&self, called: &str, answer: Answer, now_ms: i64) -> Outcome {
        let status = answer.status;
        let retry_after_ms = retry::retry_after_ms(&answer.headers, now_ms);
        let data = calling::answer_data(answer);
        if self.success_statuses.contain(status) {
            return Outcome::Finished(produced::success(data));
        }
        let mut failed = calling::refused(called, status, data);
        failed.retry_after_ms = retry_after_ms;
        if calling::is_worth_retrying(status) {
            Outcome::Retryable(failed)
        } else {
            Outcome::Finished(failed)
        }
    }
}

/// Compiles a request, with its mistakes as the registry shows them.
pub(crate) fn compile(parts: &RequestParts<'_>) -> Result<RequestTemplate, Wrong> {
    RequestTemplate::compile(parts).map_err(|error| Wrong {
        message: error.to_string(),
        part: match error {
            RequestTemplateError::Method { .. } => "method".to_owned(),
            RequestTemplateError::Template { part, .. } => part,
        },
    })
}

#[async_trait]
impl StepRunner for HttpRunner {
    fn is_pure(&self) -> bool {
        false
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        let (rendered, shown) = match self.render(&attempt).await {
            Ok(rendered) => rendered,
            Err(error) => return Outcome::Finished(produced::error(error)),
        };
        let manner = Manner {
            validate_ssl: self.validate_ssl,
            redirects: self.redirects.clone(),
        };
        let mut exchange = calling::exchange(&attempt, rendered, manner).await;
        if let Some(shown) = shown {
            exchange.sent.body = shown;
            exchange.sent.body_truncated = false;
        }
        exchange.judged(|called, answer| self.judge(called, answer, attempt.clock.now_ms()))
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
