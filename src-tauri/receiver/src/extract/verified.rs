//! Every check between a request's head and its body, in the order of the contract's answers table.
//!
//! A handler gets a body only by naming [`Verified`] in its signature: there is no other way to make one.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::document::{Endpoint, Mode};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;

use super::{Arrived, endpoint_of};
use crate::answer;
use crate::body_read::{self, HeldBytes};
use crate::key;
use crate::limits::CALL_DEPTH_MAX;
use crate::refusal::Refusal;
use crate::router::unknown_path;
use crate::shared::Shared;

const DEPTH_HEADER: &str = "x-hookloom-depth";

/// A request for an endpoint that exists. Nothing else of it was checked yet.
pub(crate) struct Arriving {
    pub arrived: Arrived,
    pub live: Arc<LiveEndpoint>,
    pub head: Parts,
}

impl Arriving {
    /// When its sender gets its answer.
    pub fn mode(&self) -> Mode {
        self.live.endpoint.mode
    }
}

/// A request whose sender may call the endpoint, with its whole body.
pub(crate) struct Verified {
    request: Arriving,
    body: Bytes,
    /// Gives the body's share of memory back.
    _held: HeldBytes,
}

impl Verified {
    pub fn request(&self) -> &Arriving {
        &self.request
    }

    /// The body exactly as it was sent.
    pub fn body(&self) -> &Bytes {
        &self.body
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
        let Some(live) = endpoint_of(&shared.deps.endpoints.load(), head.uri.path()) else {
            return Err(unknown_path(shared));
        };
        let request = Arriving {
            arrived,
            live,
            head,
        };
        match verify(shared, &request, body).await {
            Ok((body, held)) => Ok(Self {
                request,
                body,
                _held: held,
            }),
            Err(refusal) => Err(shared.refuse(&request, None, refusal)),
        }
    }
}

async fn verify(
    shared: &Shared,
    request: &Arriving,
    body: Body,
) -> Result<(Bytes, HeldBytes), Refusal> {
    let endpoint = &request.live.endpoint;
    if request.mode() == Mode::Sync && shared.calls_waiting.available_permits() == 0 {
        return Err(shared.too_many_calls());
    }
    let expected = key::expected(&*shared.deps.secrets, &endpoint.auth).await?;
    check_method(endpoint, &request.head)?;
    shared.source_rates.check(request.arrived.peer)?;
    key::check(&*shared.deps.secrets, &endpoint.auth, expected, request).await?;
    check_depth(&request.head)?;
    check_encoding(&request.head)?;
    check_content_type(endpoint, &request.head, &body)?;
    body_read::read(body, endpoint.body_bytes_max, shared).await
}

fn check_method(endpoint: &Endpoint, head: &Parts) -> Result<(), Refusal> {
    if endpoint
        .methods
        .iter()
        .any(|method| method == head.method.as_str())
    {
        return Ok(());
    }
    Err(Refusal::MethodNotAllowed {
        allowed: endpoint.methods.clone(),
    })
}

/// Our own HTTP steps say how many jobs called one another before them.
fn check_depth(head: &Parts) -> Result<(), Refusal> {
    let depth = head
        .headers
        .get(DEPTH_HEADER)
        .and_then(|value| value.to_str().ok());
    let depth = depth
        .and_then(|depth| depth.parse::<u32>().ok())
        .unwrap_or(0);
    if depth < CALL_DEPTH_MAX {
        return Ok(());
    }
    Err(Refusal::TooDeep)
}

fn check_encoding(head: &Parts) -> Result<(), Refusal> {
    for value in head.headers.get_all(CONTENT_ENCODING) {
        let value = value.as_bytes();
        if !value.is_empty() && !value.eq_ignore_ascii_case(b"identity") {
            let given = String::from_utf8_lossy(value).chars().take(64).collect();
            return Err(Refusal::ContentEncoding { given });
        }
    }
    Ok(())
}

fn check_content_type(endpoint: &Endpoint, head: &Parts, body: &Body) -> Result<(), Refusal> {
    let given = head
        .headers
        .get(CONTENT_TYPE)
        .map(|value| media_type(value.as_bytes()));
    if given.as_deref().is_some_and(is_multipart) {
        return Err(Refusal::Multipart);
    }
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

fn is_multipart(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("multipart/form-data")
}

/// `application/json` of `application/json; charset=utf-8`.
fn media_type(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    let value = value.split(';').next().unwrap_or_default().trim();
    value.chars().take(128).collect()
}

impl Shared {
    /// Why nothing at all can be taken at this moment.
    pub fn closed(&self) -> Option<Refusal> {
        if self.stopping.is_cancelled() {
            return Some(Refusal::Stopping);
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
