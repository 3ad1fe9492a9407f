//! Every check between a request's head and its body, in the order of the contract's answers table.
//!
//! A handler gets a body only by naming [`Verified`] in its signature: there is no other way to make one.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::body::parse_form;
use hookloom_model::document::{Endpoint, Mode};
use hookloom_model::{CALL_DEPTH_HEADER, CALL_DEPTH_MAX, call_depth};
use http::header::{CONTENT_TYPE, ORIGIN};
use http::request::Parts;
use serde_json::Value;

use super::{Arrived, Target, Way, target_of};
use crate::answer;
use crate::cors;
use crate::credentials::{self, Facts, Secret, SignedBody, Verdict};
use crate::handshake;
use crate::pieces::{Coding, Pieces};
use crate::received::{PendingFiles, Reading, Received};
use crate::refusal::Refusal;
use crate::router::unknown_path;
use crate::shared::Shared;

/// A request for an endpoint that exists. Nothing else of it was checked yet.
pub(crate) struct Arriving {
    pub arrived: Arrived,
    pub live: Arc<LiveEndpoint>,
    pub way: Way,
    /// The methods that its path takes.
    pub allowed: Vec<String>,
    pub head: Parts,
}

impl Arriving {
    pub fn new(arrived: Arrived, target: Target, head: Parts) -> Self {
        let Target { live, way, allowed } = target;
        Self {
            arrived,
            live,
            way,
            allowed,
            head,
        }
    }

    /// When its sender gets its answer: as the endpoint says, or as the query of `/api/call` asks.
    pub fn mode(&self) -> Result<Mode, Refusal> {
        let endpoint = &self.live.endpoint;
        let Some(asked) = self.call_parameter("apiCallType") else {
            return Ok(endpoint.mode);
        };
        Mode::named(&asked.to_ascii_lowercase())
            .filter(|mode| endpoint.modes_allowed.contains(mode))
            .ok_or_else(|| Refusal::Mode {
                given: asked.chars().take(32).collect(),
                allowed: endpoint.modes_allowed.clone(),
            })
    }

    /// A parameter of `/api/call`, if it is there and not empty.
    pub fn call_parameter(&self, name: &str) -> Option<String> {
        let query = self.head.uri.query()?;
        if !matches!(self.way, Way::Call) {
            return None;
        }
        match parse_form(query).get(name)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Array(texts) => texts.first()?.as_str().map(str::to_owned),
            _ => None,
        }
    }
}

/// A request whose sender may call the endpoint, with its whole body.
pub(crate) struct Verified {
    request: Arriving,
    body: Received,
}

impl Verified {
    pub fn request(&self) -> &Arriving {
        &self.request
    }

    /// The body as it was sent, in memory or in files.
    pub fn body(&self) -> &Received {
        &self.body
    }

    /// The body's files, for whoever takes care of them from here on.
    pub fn take_files(&mut self) -> PendingFiles {
        self.body.take_files()
    }
}

impl FromRequest<Arc<Shared>> for Verified {
    type Rejection = Response;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        let Some(arrived) = head.extensions.get::<Arrived>().copied() else {
            // Only a router that was put together wrongly gets here.
            return Err(answer::fixed(
                http::StatusCode::INTERNAL_SERVER_ERROR,
                answer::INTERNAL,
            ));
        };
        let Some(target) = shared.target_of(&head) else {
            return Err(unknown_path(shared));
        };
        let request = Arriving::new(arrived, target, head);
        let verified = match verify(shared, &request, body).await {
            Ok(Looked::Body(body)) => return Ok(Self { request, body }),
            Ok(Looked::Preflight) => cors::preflight(&request),
            Ok(Looked::Handshake(answer)) => answer,
            Err(refusal) => shared.refuse(&request, None, refusal),
        };
        Err(opened(verified, &request))
    }
}

/// The answer, so that a page that may call can read it.
fn opened(mut response: Response, request: &Arriving) -> Response {
    let origin = request.head.headers.get(ORIGIN);
    cors::open(&mut response, &request.live.endpoint, origin);
    response
}

/// What a request is.
enum Looked {
    /// For the handler.
    Body(Received),
    /// A browser asks beforehand.
    Preflight,
    /// A provider asks beforehand, and this is its answer.
    Handshake(Response),
}

async fn verify(shared: &Shared, request: &Arriving, body: Body) -> Result<Looked, Refusal> {
    let endpoint = &request.live.endpoint;
    if let Some(asked) = handshake::asked(request) {
        shared.source_rates.check(request.arrived.peer)?;
        return Box::pin(asked.answer(shared)).await.map(Looked::Handshake);
    }
    let waits = request.mode().is_ok_and(|mode| mode != Mode::Async);
    if waits && shared.calls_waiting.available_permits() == 0 {
        return Err(shared.too_many_calls());
    }
    let at_ms = request.arrived.at_ms;
    let secrets = Secret::read(&*shared.deps.secrets, &endpoint.auth, at_ms).await?;
    let is_preflight = cors::is_preflight(endpoint, &request.head);
    if !is_preflight {
        check_method(request)?;
    }
    shared.source_rates.check(request.arrived.peer)?;
    cors::check(endpoint, &request.head)?;
    if is_preflight {
        return Ok(Looked::Preflight);
    }
    let public_url = shared.deps.public_url.read().clone();
    let facts = Facts {
        request,
        secrets: &secrets,
        public_url: public_url.as_deref(),
        body: None,
    };
    let is_open = match credentials::check(&endpoint.auth, facts) {
        Verdict::Passed => false,
        Verdict::NeedsBody => true,
        Verdict::Failed(refusal) => return Err(refusal),
    };
    check_depth(&request.head)?;
    let coding = Coding::of(&request.head.headers)?;
    check_content_type(endpoint, &request.head, &body)?;
    let mut reading = Reading::new(shared, request);
    let wire = reading.wire(body, endpoint.body_bytes_max)?;
    if !is_open {
        let pieces = reading.decoded(wire, coding).await?;
        return reading.finish(pieces).await.map(Looked::Body);
    }
    let body_bytes_max = endpoint.body_bytes_max;
    let body = Box::pin(read_signed(&mut reading, wire, coding, body_bytes_max)).await?;
    let facts = Facts {
        body: Some(&body),
        ..facts
    };
    match credentials::check(&endpoint.auth, facts) {
        Verdict::Passed => {}
        Verdict::Failed(refusal) => return Err(refusal),
        Verdict::NeedsBody => {
            let reason = "a check did not look at the body".into();
            return Err(Refusal::Internal { reason });
        }
    }
    let pieces = Pieces::of_bytes(body.plain, endpoint.body_bytes_max);
    reading.finish(pieces).await.map(Looked::Body)
}

/// A signature is over the whole body, so the whole body is in memory: as it was sent, and as it is meant.
async fn read_signed(
    reading: &mut Reading<'_>,
    mut wire: Pieces<'_>,
    coding: Coding,
    bytes_max: u64,
) -> Result<SignedBody, Refusal> {
    let sent = reading.collect(&mut wire).await?;
    if coding == Coding::Identity {
        let plain = sent.clone();
        return Ok(SignedBody { sent, plain });
    }
    let wire = Pieces::of_bytes(sent.clone(), bytes_max);
    let mut pieces = reading.decoded(wire, coding).await?;
    let plain = reading.collect(&mut pieces).await?;
    Ok(SignedBody { sent, plain })
}

fn check_method(request: &Arriving) -> Result<(), Refusal> {
    let method = request.head.method.as_str();
    let mut methods = request.live.endpoint.methods.iter();
    if methods.any(|taken| taken == method) {
        return Ok(());
    }
    Err(Refusal::MethodNotAllowed {
        allowed: request.allowed.clone(),
    })
}

/// Our own HTTP steps say how many jobs called one another before them.
fn check_depth(head: &Parts) -> Result<(), Refusal> {
    let depth = head.headers.get(CALL_DEPTH_HEADER);
    if call_depth(depth.and_then(|value| value.to_str().ok())) < CALL_DEPTH_MAX {
        return Ok(());
    }
    Err(Refusal::TooDeep)
}

fn check_content_type(endpoint: &Endpoint, head: &Parts, body: &Body) -> Result<(), Refusal> {
    let given = head
        .headers
        .get(CONTENT_TYPE)
        .map(|value| media_type(value.as_bytes()));
    let Some(accepted) = &endpoint.content_types else {
        return Ok(());
    };
    let fits = match &given {
        Some(given) => accepted
            .iter()
            .any(|accepted| accepted.eq_ignore_ascii_case(given)),
        // Nothing was sent that could be of a wrong type.
        None => body.is_end_stream(),
    };
    if fits {
        return Ok(());
    }
    let given = given.map_or("missing".to_owned(), |given| format!("`{given}`"));
    Err(Refusal::ContentType {
        given,
        accepted: accepted.clone(),
    })
}

/// `application/json` of `application/json; charset=utf-8`.
fn media_type(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    let value = value.split(';').next().unwrap_or_default().trim();
    value.chars().take(128).collect()
}

impl Shared {
    /// What a request's path leads to.
    pub fn target_of(&self, head: &Parts) -> Option<Target> {
        // A browser that asks beforehand means the request to come.
        let asked = cors::asked_method(head);
        let method = asked.as_ref().unwrap_or(&head.method);
        target_of(&self.deps.endpoints.load(), method, head.uri.path())
    }

    /// Why nothing at all can be taken at this moment.
    pub fn closed(&self) -> Option<Refusal> {
        if self.stopping.is_cancelled() {
            return Some(Refusal::Stopping);
        }
        if self.pause.is_on() {
            return Some(Refusal::Paused);
        }
        let reason = self.deps.inbox.unavailable()?;
        Some(Refusal::StorageUnavailable { reason })
    }

    /// More calls wait for their jobs than may.
    pub fn too_many_calls(&self) -> Refusal {
        Refusal::CallsWaiting {
            calls_max: self.limits.calls_waiting_max,
        }
    }
}
