//! An endpoint's own answer, in place of the usual one: when a job begins, or while the flow is off.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::document::{EndpointAnswer, RespondBody};
use hookloom_model::request::RequestRecord;
use hookloom_model::{FlowId, JobId, RequestId};
use hookloom_template::{Place, RenderError, Scope, Template, TemplateError, ValueTemplate};
use parking_lot::RwLock;
use serde_json::{Map, Value, json};

use crate::answer;
use crate::idempotency::scope;
use crate::job_answer::{self, Content};

/// Answers that are kept ready; there are as many as endpoints with one, and versions that are still called.
const ANSWERS_MAX: usize = 1_000;

/// The answers of endpoints, ready to be filled in. Calls that are slow to take an answer without placeholders share its
/// bytes.
#[derive(Default)]
pub(crate) struct OwnAnswers {
    ready: RwLock<HashMap<Key, Arc<Ready>>>,
}

/// A version never changes.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    flow_id: FlowId,
    version: i64,
    endpoint: String,
    is_off: bool,
}

/// An answer whose templates were parsed.
struct Ready {
    status: u16,
    headers: Vec<(String, Template)>,
    body: Body,
}

enum Body {
    Fixed(Content),
    Text(Template),
    Json(ValueTemplate),
}

/// A request to answer.
pub(crate) struct Answering<'r> {
    pub answers: &'r OwnAnswers,
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
        let job = || {
            json!({
                "id": job_id,
                "request_id": request_id,
                "flow": self.live.flow_name,
                "version": self.live.version,
            })
        };
        self.made(own, false, Some(&job)).unwrap_or_else(usual)
    }

    /// The answer to a request of a flow that is off or paused.
    pub fn recorded(&self) -> Response {
        let Some(own) = &self.live.endpoint.off_response else {
            return answer::recorded();
        };
        self.made(own, true, None).unwrap_or_else(answer::recorded)
    }

    /// None if it cannot be made: the request is on disk by then, and the sender must not send it again.
    fn made(
        &self,
        own: &EndpointAnswer,
        is_off: bool,
        job: Option<&dyn Fn() -> Value>,
    ) -> Option<Response> {
        match self.rendered(own, is_off, job) {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(endpoint = self.live.endpoint.name, %error, "the endpoint's own answer cannot be made; the sender got the usual one");
                None
            }
        }
    }

    fn rendered(
        &self,
        own: &EndpointAnswer,
        is_off: bool,
        job: Option<&dyn Fn() -> Value>,
    ) -> Result<Option<Response>, OwnError> {
        let ready = self.answers.of(self.live, own, is_off)?;
        let mut scope = Scope::default();
        if !ready.is_constant() {
            scope = self::scope(&self.live.endpoint, self.record, self.body);
            if let Some(job) = job {
                scope.insert("job", job());
            }
        }
        let mut headers = Map::with_capacity(ready.headers.len());
        for (name, template) in &ready.headers {
            headers.insert(name.clone(), template.render(&scope, None)?.into());
        }
        let body = match &ready.body {
            Body::Fixed(content) => content.clone(),
            Body::Text(template) => Content::text(template.render(&scope, None)?),
            Body::Json(template) => Content::of(template.render(&scope)?),
        };
        Ok(job_answer::of_parts(Some(ready.status), &headers, body))
    }
}

impl OwnAnswers {
    fn of(
        &self,
        live: &LiveEndpoint,
        own: &EndpointAnswer,
        is_off: bool,
    ) -> Result<Arc<Ready>, OwnError> {
        let key = Key {
            flow_id: live.flow_id,
            version: live.version,
            endpoint: live.endpoint.name.clone(),
            is_off,
        };
        if let Some(ready) = self.ready.read().get(&key) {
            return Ok(Arc::clone(ready));
        }
        let made = Arc::new(Ready::of(own)?);
        let mut ready = self.ready.write();
        if ready.len() >= ANSWERS_MAX {
            ready.clear();
        }
        ready.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

impl Ready {
    fn of(own: &EndpointAnswer) -> Result<Self, OwnError> {
        let mut headers = Vec::with_capacity(own.headers.len());
        let mut place = Place::Text;
        for (name, text) in &own.headers {
            if name.eq_ignore_ascii_case("content-type") {
                place = Place::for_content_type(text);
            }
            headers.push((name.clone(), Template::parse(text, Place::Header)?));
        }
        Ok(Self {
            status: own.status,
            headers,
            body: Body::of(own.body.as_ref(), place)?,
        })
    }

    fn is_constant(&self) -> bool {
        matches!(self.body, Body::Fixed(_))
            && self.headers.iter().all(|(_, text)| text.is_constant())
    }
}

impl Body {
    fn of(own: Option<&RespondBody>, place: Place) -> Result<Self, OwnError> {
        let nothing = Scope::default();
        Ok(match own {
            None => Self::Fixed(Content::of(Value::Null)),
            Some(RespondBody::Text(text)) => match Template::parse(text, place)? {
                template if template.is_constant() => {
                    Self::Fixed(Content::text(template.render(&nothing, None)?))
                }
                template => Self::Text(template),
            },
            Some(RespondBody::Json(json)) => {
                match ValueTemplate::parse(json).map_err(|(_, error)| error)? {
                    template if template.is_constant() => {
                        Self::Fixed(Content::of(template.render(&nothing)?))
                    }
                    template => Self::Json(template),
                }
            }
        })
    }
}
