//! An endpoint's own answer, in place of the usual one: when a job begins, or while the flow is off.

use axum::response::Response;
use hookloom_engine::answers;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::document::{EndpointAnswer, RespondBody};
use hookloom_model::request::RequestRecord;
use hookloom_model::{JobId, RequestId};
use hookloom_template::{Place, RenderError, Scope, Template, TemplateError, ValueTemplate};
use serde_json::{Map, Value, json};

use crate::idempotency::scope;
use crate::{answer, job_answer};

/// A request to answer.
pub(crate) struct Answering<'r> {
    pub live: &'r LiveEndpoint,
    pub record: &'r RequestRecord,
    pub body: Option<&'r Value>,
}

/// Why an answer of a user's own cannot be made.
#[derive(Debug, thiserror::Error)]
enum OwnError {
    #[error("{0}")]
    Template(#[from] TemplateError),
    #[error("{0}")]
    Render(#[from] RenderError),
}

impl Answering<'_> {
    /// The answer to a request that begins a job.
    pub fn accepted(&self, job_id: JobId, request_id: RequestId) -> Response {
        let usual = || answer::accepted(job_id, request_id);
        let Some(own) = &self.live.endpoint.response else {
            return usual();
        };
        let mut scope = self.scope();
        scope.insert(
            "job",
            json!({
                "id": job_id,
                "request_id": request_id,
                "flow": self.live.flow_name,
                "version": self.live.version,
            }),
        );
        self.made(own, &scope).unwrap_or_else(usual)
    }

    /// The answer to a request of a flow that is off or paused.
    pub fn recorded(&self) -> Response {
        let Some(own) = &self.live.endpoint.off_response else {
            return answer::recorded();
        };
        self.made(own, &self.scope())
            .unwrap_or_else(answer::recorded)
    }

    fn scope(&self) -> Scope {
        scope(&self.live.endpoint, self.record, self.body)
    }

    /// None if it cannot be made: the request is on disk by then, and the sender must not send it again.
    fn made(&self, own: &EndpointAnswer, scope: &Scope) -> Option<Response> {
        match rendered(own, scope) {
            Ok(response) => job_answer::of_response(&response),
            Err(error) => {
                tracing::warn!(endpoint = self.live.endpoint.name, %error, "the endpoint's own answer cannot be made; the sender got the usual one");
                None
            }
        }
    }
}

fn rendered(own: &EndpointAnswer, scope: &Scope) -> Result<answers::Response, OwnError> {
    let mut headers = Map::with_capacity(own.headers.len());
    let mut place = Place::Text;
    for (name, text) in &own.headers {
        if name.eq_ignore_ascii_case("content-type") {
            place = Place::for_content_type(text);
        }
        let text = Template::parse(text, Place::Header)?.render(scope, None)?;
        headers.insert(name.clone(), text.into());
    }
    let body = match &own.body {
        None => Value::Null,
        Some(RespondBody::Text(text)) => Template::parse(text, place)?.render(scope, None)?.into(),
        Some(RespondBody::Json(json)) => ValueTemplate::parse(json)
            .map_err(|(_, error)| error)?
            .render(scope)?,
    };
    Ok(answers::Response {
        status: Some(own.status),
        headers,
        body,
        body_file: None,
    })
}
