//! `POST /endpoints/send`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Answer as Received, HttpError, Secrets as _};
use hookloom_engine::record::record_body;
use hookloom_model::RequestId;
use hookloom_model::journal::RecordedError;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::credentials::Maker;
use super::original::{Original, is_masked, is_of_the_wire};
use super::outgoing::{Outgoing, is_key};
use crate::answer::Answer;
use crate::deliveries::ReceivedAnswer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::WORKSPACE;
use crate::identity::CanRun;
use crate::input::Body;
use crate::masked::Masked;
use crate::parts::{Fault, SentRequest};
use crate::state::ApiState;
use crate::status::ListenerState;

/// Where the receiver says under which id it recorded a request.
const REQUEST_ID: &str = "x-request-id";

/// Sends a real request to an endpoint of our own, over the receiver's socket and signed with the endpoint's own secret.
/// What is not given comes from the stored request, if one is named; credentials that its record hides are put in again.
#[utoipa::path(post, path = "/endpoints/send", tag = "endpoints", security(("bearer" = ["run"])),
    request_body = RequestToSend,
    responses((status = 200, description = "What was sent and what came back, masked", body = RequestSent)))]
pub(crate) async fn send_request(
    _: CanRun,
    State(state): State<ApiState>,
    Body(given): Body<RequestToSend>,
) -> Result<Answer<RequestSent>, Error> {
    let origin = receiver_of(&state)?;
    let original = match &given.request_id {
        None => None,
        Some(id) => {
            let flow = state.store.flow(&given.flow).await;
            let flow_id = flow.or_missing(ErrorCode::FlowNotFound)?.id;
            let endpoint = given.endpoint.clone();
            let own = Original::read(&state, id, move |stored| {
                stored.record.flow_id == flow_id && stored.record.endpoint == endpoint
            });
            Some(own.await?)
        }
    };
    let method = method_of(&given, original.as_ref())?;
    let (live, path) = target_of(&state, &given, original.as_ref(), &method).await?;
    let method = match given.method.is_some() || original.is_some() {
        true => method,
        false => first_method(&live),
    };
    let mut left_out = Vec::new();
    let url = url_of(&origin, &path, &given, original.as_ref(), &mut left_out)?;
    let body = body_of(&given, original.as_ref())?;
    let mut request = Outgoing::new(method, url, body);
    add_headers(&mut request, &given, original.as_ref(), &mut left_out);
    let now_ms = state.clock.now_ms();
    if given.sign {
        let id = new_id(now_ms)?;
        let maker = Maker {
            secrets: &*state.secrets,
            now_ms,
            id: &id,
            from: from(&state),
        };
        maker.add(&live.endpoint.auth, &mut request).await?;
        left_out.retain(|name| !request.has_header(name));
    }
    let answered = state.http.send(request.to_send()).await;
    let ended_at_ms = state.clock.now_ms();
    let masked = state.masked();
    let received = received_as(&state, answered.as_ref().ok()).await?;
    let (response, error) = match answered {
        Ok(answer) => (Some(shown(answer, &state, &masked)), None),
        Err(error) => (None, Some(fault(error, ended_at_ms, &masked))),
    };
    Ok(Answer(RequestSent {
        request: request.shown(&live.endpoint, &masked),
        response,
        error,
        duration_ms: (ended_at_ms - now_ms).max(0),
        received_request_id: received.id.map(|id| id.to_string()),
        job_id: received.job_id,
        left_out,
    }))
}

/// A request to send.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestToSend {
    /// The flow's name.
    pub flow: String,
    /// The endpoint's name.
    pub endpoint: String,
    /// A stored request to begin with: what is not given here is taken from it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Without one, that of the stored request, else one that the endpoint takes.
    #[serde(default)]
    pub method: Option<String>,
    /// A path of the endpoint, without query; without one that of the stored request, else the endpoint's own.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub query: Option<Vec<NameAndValue>>,
    /// A value that is masked is put in again if the stored request came to this endpoint, else left out.
    #[serde(default)]
    pub headers: Option<Vec<NameAndValue>>,
    /// As text.
    #[serde(default)]
    pub body: Option<String>,
    /// The exact bytes, in place of `body`.
    #[serde(default)]
    pub body_base64: Option<String>,
    /// Whether the endpoint's key, token or signature is made and put in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub sign: bool,
}

/// A header, or a parameter of the query.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NameAndValue {
    pub name: String,
    pub value: String,
}

/// What came of a request that was sent. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSent {
    pub request: SentRequest,
    /// Null without an answer.
    pub response: Option<ReceivedAnswer>,
    /// Why no answer came.
    pub error: Option<Fault>,
    pub duration_ms: i64,
    /// The request as the receiver recorded it; one that was a duplicate has the id of the first. A rejected one is
    /// recorded a moment later.
    pub received_request_id: Option<String>,
    /// The job that it began.
    pub job_id: Option<i64>,
    /// Headers and parameters whose value was masked and could not be put in again: they were not sent.
    pub left_out: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Where the receiver listens.
fn receiver_of(state: &ApiState) -> Result<String, Error> {
    let receiver = state.host.receiver();
    if receiver.state == ListenerState::Listening {
        return Ok(receiver.url);
    }
    let message = format!(
        "The receiver is off, so nothing can be sent to {}.",
        receiver.address
    );
    Err(Error::unavailable(ErrorCode::Unavailable, message)
        .hint("Open it on another address: the settings, or `hookloom listen`."))
}

/// Where the receiver sees us from: from a listener of this computer alone it is this computer.
fn from(state: &ApiState) -> IpAddr {
    let address: Option<SocketAddr> = state.host.receiver().address.parse().ok();
    match address.map(|address| address.ip()) {
        Some(ip) if !ip.is_unspecified() => ip,
        _ => IpAddr::V4(Ipv4Addr::LOCALHOST),
    }
}

fn method_of(given: &RequestToSend, original: Option<&Original>) -> Result<Method, Error> {
    let of_original = original.map(|original| original.stored.record.method.as_str());
    let text = given.method.as_deref().or(of_original).unwrap_or("POST");
    Method::from_bytes(text.to_ascii_uppercase().as_bytes())
        .map_err(|_| refused("The method is no HTTP method.", "Give one such as POST."))
}

fn first_method(live: &LiveEndpoint) -> Method {
    let methods = &live.endpoint.methods;
    let first = methods
        .first()
        .filter(|_| !methods.iter().any(|it| it == "POST"));
    let first = first.and_then(|first| Method::from_bytes(first.as_bytes()).ok());
    first.unwrap_or(Method::POST)
}

/// The endpoint, and the path by which it is reached. A path that leads to another one is refused: it would get what is
/// this one's.
async fn target_of(
    state: &ApiState,
    given: &RequestToSend,
    original: Option<&Original>,
    method: &Method,
) -> Result<(Arc<LiveEndpoint>, String), Error> {
    let RequestToSend { flow, endpoint, .. } = given;
    let leads_here = |path: &str| {
        let live = state.host.endpoint_at(method, path)?;
        (live.flow_name == *flow && live.endpoint.name == *endpoint).then_some(live)
    };
    if let Some(path) = &given.path {
        return match leads_here(path) {
            Some(live) => Ok((live, path.clone())),
            None => Err(refused(
                format!("The path {path} does not lead to the endpoint `{endpoint}` of `{flow}`."),
                "Leave the path out, or give one of the endpoint's URLs.",
            )),
        };
    }
    // A stored path may have a mask in it, or be one that the endpoint had once.
    let stored = original.map(|original| original.target().0.to_owned());
    let own = format!("/api/webhook/{WORKSPACE}/{flow}/{endpoint}");
    for path in stored.into_iter().chain([own]) {
        if let Some(live) = leads_here(&path) {
            return Ok((live, path));
        }
    }
    let flow_row = state.store.flow(flow).await;
    let flow_row = flow_row.or_missing(ErrorCode::FlowNotFound)?;
    if flow_row.version.is_none() {
        let message = format!(
            "The flow `{flow}` was never published, so none of its endpoints can be called."
        );
        return Err(
            Error::new(StatusCode::CONFLICT, ErrorCode::NotPublished, message)
                .hint("Publish it and send again."),
        );
    }
    let message = format!("The published version of `{flow}` has no endpoint `{endpoint}`.");
    Err(Error::not_found(ErrorCode::EndpointNotFound, message)
        .hint("`hookloom endpoint list` shows what there is. Publish the draft if it is new."))
}

fn url_of(
    origin: &str,
    path: &str,
    given: &RequestToSend,
    original: Option<&Original>,
    left_out: &mut Vec<String>,
) -> Result<Url, Error> {
    let unusable = |_| {
        refused(
            "The path cannot be called.",
            "Give one that begins with a slash.",
        )
    };
    let mut url = Url::parse(&format!("{origin}{path}")).map_err(unusable)?;
    url.set_fragment(None);
    if let Some(query) = &given.query {
        url.set_query(None);
        for NameAndValue { name, value } in query {
            match is_masked(value) {
                // A shared key comes again with the signature.
                true if is_key(name) => {}
                true => left_out.push(name.clone()),
                false => _ = url.query_pairs_mut().append_pair(name, value),
            }
        }
    } else if let Some(query) = original.and_then(|original| original.target().1) {
        let kept = query.split('&').filter(|pair| !is_masked(pair));
        let kept: Vec<&str> = kept.collect();
        url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    Ok(url)
}

fn body_of(given: &RequestToSend, original: Option<&Original>) -> Result<Bytes, Error> {
    match (&given.body, &given.body_base64) {
        (Some(_), Some(_)) => Err(refused(
            "Both `body` and `body_base64` are given.",
            "Give one of them.",
        )),
        (Some(text), None) => Ok(Bytes::from(text.clone())),
        (None, Some(base64)) => STANDARD
            .decode(base64)
            .map(Bytes::from)
            .map_err(|_| refused("`body_base64` is no base64.", "Encode the bytes again.")),
        (None, None) => Ok(original.map_or_else(Bytes::new, |original| {
            Bytes::from(original.stored.record.body.clone())
        })),
    }
}

fn add_headers(
    request: &mut Outgoing,
    given: &RequestToSend,
    original: Option<&Original>,
    left_out: &mut Vec<String>,
) {
    let headers: Vec<(String, String)> = match (&given.headers, original) {
        (Some(headers), _) => headers
            .iter()
            .map(|it| (it.name.clone(), it.value.clone()))
            .collect(),
        (None, Some(original)) => original.stored.record.headers.clone(),
        (None, None) => Vec::new(),
    };
    let begins_anew = original.is_none();
    for (name, value) in headers {
        // Somebody who writes a request of his own may well say how its bytes are compressed.
        let is_own_coding = begins_anew && name.eq_ignore_ascii_case("content-encoding");
        if is_of_the_wire(&name) && !is_own_coding {
            continue;
        }
        if !is_masked(&value) {
            request.push_header(name, value);
            continue;
        }
        match original.and_then(|original| original.credential(&name)) {
            Some(value) => request.set_secret_header(&name, value.expose()),
            None => left_out.push(name),
        }
    }
    if !request.has_header("content-type")
        && serde_json::from_slice::<serde::de::IgnoredAny>(&request.body).is_ok()
    {
        request.set_header("content-type", "application/json");
    }
}

fn new_id(now_ms: i64) -> Result<String, Error> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(Error::internal)?;
    let id = RequestId::new(now_ms, random).to_string();
    Ok(id.replace("mqr_", "msg_"))
}

/// How the receiver knows what was sent.
#[derive(Default)]
struct ReceivedAs {
    id: Option<RequestId>,
    job_id: Option<i64>,
}

async fn received_as(state: &ApiState, answer: Option<&Received>) -> Result<ReceivedAs, Error> {
    let headers = answer.iter().flat_map(|answer| &answer.headers);
    let mut ids = headers.filter(|(name, _)| name == REQUEST_ID);
    let Some(id) = ids.next().and_then(|(_, id)| id.parse().ok()) else {
        return Ok(ReceivedAs::default());
    };
    let job_id = match state.store.request_row(id).await {
        Ok(row) => row.job_id.map(|id| id.0),
        // A rejected request is written behind its answer.
        Err(hookloom_store::Error::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(ReceivedAs {
        id: Some(id),
        job_id,
    })
}

fn shown(answer: Received, state: &ApiState, masked: &Masked) -> ReceivedAnswer {
    let (body, body_truncated) = record_body(&state.secrets.masker(), &answer.body);
    ReceivedAnswer {
        status: answer.status,
        headers: masked.headers(answer.headers),
        body,
        body_bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
        body_truncated,
    }
}

fn fault(error: HttpError, at_ms: i64, masked: &Masked) -> Fault {
    let error = RecordedError {
        code: error.kind.as_str().to_owned(),
        message: error.message,
    };
    Fault::new(masked.error(error), at_ms)
}

fn refused(message: impl Into<String>, hint: &str) -> Error {
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        message,
    )
    .hint(hint)
}
