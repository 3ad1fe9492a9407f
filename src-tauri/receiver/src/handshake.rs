//! Handshakes: what a provider asks before it sends anything, answered by the endpoint itself. No job begins.
//!
//! Some come in a query or in headers, before there is anything to sign: whoever knows the URL may ask, and learns nothing
//! but what it said itself, or that the endpoint knows a secret. The others come in a body, and only callers who passed
//! the endpoint's own authentication get there.

use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::ports::SecretError;
use hookloom_model::Verdict;
use hookloom_model::body::parse_form;
use hookloom_model::document::Handshake;
use hookloom_model::request::Reason;
use hookloom_sensitive::Sensitive;
use hookloom_signature::{crc_token, is_token, zoom_token};
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::extract::Arriving;
use crate::record::{self, Ending, KeptBody};
use crate::refusal::{Denied, Refusal};
use crate::shared::Shared;

/// A challenge is no longer than this: what is sent back is bounded.
const CHALLENGE_BYTES_MAX: usize = 4_096;
/// The reason under which handshakes are on record.
pub(crate) const REASON_CODE: &str = "handshake";

const HOOK_SECRET: HeaderName = HeaderName::from_static("x-hook-secret");
const OKTA_CHALLENGE: HeaderName = HeaderName::from_static("x-okta-verification-challenge");
const REQUEST_ORIGIN: HeaderName = HeaderName::from_static("webhook-request-origin");
const REQUEST_RATE: HeaderName = HeaderName::from_static("webhook-request-rate");
const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");
const ALLOWED_RATE: HeaderName = HeaderName::from_static("webhook-allowed-rate");

/// What a request asks by its head alone.
pub(crate) struct Asked<'r> {
    request: &'r Arriving,
    handshake: &'r Handshake,
    challenge: String,
}

/// A handshake in the request's head, if it is the endpoint's.
pub(crate) fn asked(request: &Arriving) -> Option<Asked<'_>> {
    let handshake = request.live.endpoint.handshake.as_ref()?;
    let head = &request.head;
    let parameter = |name: &str| query_value(head, name);
    let challenge = match (handshake, &head.method) {
        (Handshake::Dropbox, &Method::GET) => parameter("challenge"),
        (Handshake::HubChallenge { .. }, &Method::GET) => {
            parameter("hub.mode").and_then(|_| parameter("hub.challenge"))
        }
        (Handshake::X { .. }, &Method::GET) => parameter("crc_token"),
        (Handshake::MicrosoftGraph, &Method::POST) => parameter("validationToken"),
        (Handshake::Okta, &Method::GET) => header_value(&head.headers, &OKTA_CHALLENGE),
        (Handshake::Asana { .. }, &Method::POST) => header_value(&head.headers, &HOOK_SECRET),
        (Handshake::CloudEvents { .. }, &Method::OPTIONS) => {
            header_value(&head.headers, &REQUEST_ORIGIN)
        }
        _ => None,
    };
    Some(Asked {
        request,
        handshake,
        challenge: challenge?,
    })
}

impl Asked<'_> {
    /// Answers it, and puts it on record.
    pub async fn answer(self, shared: &Shared) -> Result<Response, Refusal> {
        let Self {
            request,
            handshake,
            challenge,
        } = self;
        bounded(&challenge)?;
        let response = match handshake {
            Handshake::HubChallenge { secret } => {
                let token = read(shared, secret).await?;
                let given = query_value(&request.head, "hub.verify_token");
                if !is_token(&token, given.as_deref().unwrap_or_default()) {
                    return Err(refused(
                        "The handshake's `hub.verify_token` is not the endpoint's",
                    ));
                }
                plain(challenge)
            }
            Handshake::X { secret } => {
                let key = read(shared, secret).await?;
                let token = crc_token(&key, &challenge).map_err(of_failure)?;
                json_answer(&json!({ "response_token": token }))
            }
            Handshake::Okta => json_answer(&json!({ "verification": challenge })),
            Handshake::Asana { secret } => take_secret(shared, secret, challenge).await?,
            Handshake::CloudEvents { origins } => permission(request, origins, &challenge)?,
            _ => plain(challenge),
        };
        record(shared, request, handshake, KeptBody::unread());
        Ok(response)
    }
}

/// The answer to a handshake in a body, if it is one of the endpoint's. Its caller was checked.
pub(crate) async fn in_body(
    shared: &Shared,
    request: &Arriving,
    body: Option<&Value>,
) -> Result<Option<Response>, Refusal> {
    let (Some(handshake), Some(body)) = (&request.live.endpoint.handshake, body) else {
        return Ok(None);
    };
    Ok(match handshake {
        Handshake::Slack if body["type"] == "url_verification" => {
            let challenge = text_of(&body["challenge"])?;
            Some(plain(challenge.to_owned()))
        }
        Handshake::Discord if body["type"] == 1 => Some(json_answer(&json!({ "type": 1 }))),
        Handshake::Zoom { secret } if body["event"] == "endpoint.url_validation" => {
            let token = text_of(&body["payload"]["plainToken"])?;
            let key = read(shared, secret).await?;
            let encrypted = zoom_token(&key, token).map_err(of_failure)?;
            Some(json_answer(
                &json!({ "plainToken": token, "encryptedToken": encrypted }),
            ))
        }
        Handshake::EventGrid => {
            let validation = "Microsoft.EventGrid.SubscriptionValidationEvent";
            let event = match body {
                Value::Array(events) => events.first(),
                event => Some(event),
            };
            match event.filter(|event| event["eventType"] == validation) {
                Some(event) => {
                    let code = text_of(&event["data"]["validationCode"])?;
                    Some(json_answer(&json!({ "validationResponse": code })))
                }
                None => None,
            }
        }
        _ => None,
    })
}

/// Puts a handshake that was answered on record, within the bound of what strangers may leave there.
pub(crate) fn record(shared: &Shared, request: &Arriving, handshake: &Handshake, kept: KeptBody) {
    let masker = shared.deps.secrets.masker();
    let name = handshake.as_str();
    let reason = Reason {
        code: REASON_CODE.to_owned(),
        message: format!(
            "It was the provider's handshake ({name}), and was answered; no job began"
        ),
    };
    let ending = Ending {
        verdict: Verdict::Accepted,
        status: StatusCode::OK,
        reason: Some(reason),
    };
    let mut record = record::of(request, &masker, kept, ending);
    record::cut_head(&mut record);
    shared.deps.inbox.record_rejected(record);
}

/// The first handshake sets the secret; a later one has to bring the same, or it would be anybody's to change.
async fn take_secret(shared: &Shared, name: &str, given: String) -> Result<Response, Refusal> {
    let header = HeaderValue::try_from(&given)
        .map_err(|_| refused("The handshake's secret cannot be sent back in a header"))?;
    match shared.deps.secrets.read(name).await {
        Ok(known) if is_token(known.expose(), &given) => {}
        Ok(_) => {
            return Err(refused(
                "The handshake brings another secret than the one that is stored; delete that one if a new handshake \
                 is meant to set it",
            ));
        }
        Err(SecretError::Missing { .. }) => {
            let kept = shared.deps.secrets.keep(name, Sensitive::new(given)).await;
            kept.map_err(|error| Refusal::SecretUnavailable {
                reason: error.to_string(),
            })?;
        }
        Err(error) => {
            return Err(Refusal::SecretUnavailable {
                reason: error.to_string(),
            });
        }
    }
    let mut response = Response::new(axum::body::Body::empty());
    response.headers_mut().insert(HOOK_SECRET, header);
    Ok(response)
}

/// Says that a sender of CloudEvents may send, and how much, if it asked.
fn permission(request: &Arriving, origins: &[String], origin: &str) -> Result<Response, Refusal> {
    let is_allowed = origins.is_empty() || origins.contains(&origin.to_ascii_lowercase());
    if !is_allowed {
        return Err(Refusal::Origin {
            given: origin.to_owned(),
            allowed: origins.to_vec(),
        });
    }
    let unfit = || refused("The handshake's origin cannot be sent back in a header");
    let mut response = Response::new(axum::body::Body::empty());
    let headers = response.headers_mut();
    let origin = HeaderValue::try_from(origin).map_err(|_| unfit())?;
    headers.insert(ALLOWED_ORIGIN, origin);
    if let Ok(allowed) = HeaderValue::try_from(request.allowed.join(", ")) {
        headers.insert(ALLOW, allowed);
    }
    let asked = header_value(&request.head.headers, &REQUEST_RATE);
    if let Some(asked) = asked.and_then(|rate| rate.parse::<u32>().ok()) {
        let limit = request.live.endpoint.requests_per_minute_max;
        let rate = limit.map_or(asked, |limit| asked.min(limit));
        headers.insert(ALLOWED_RATE, HeaderValue::from(rate));
    }
    Ok(response)
}

async fn read(shared: &Shared, name: &str) -> Result<String, Refusal> {
    match shared.deps.secrets.read(name).await {
        Ok(value) => Ok(value.expose().clone()),
        Err(SecretError::Missing { name }) => Err(Refusal::SecretMissing {
            reason: format!("the secret `{name}` of its handshake is not set"),
            denied: Denied::Credentials(Vec::new()),
        }),
        Err(error) => Err(Refusal::SecretUnavailable {
            reason: error.to_string(),
        }),
    }
}

fn of_failure(failure: hookloom_signature::Failure) -> Refusal {
    Refusal::SecretMissing {
        reason: failure.explain(),
        denied: Denied::Credentials(Vec::new()),
    }
}

fn refused(reason: &str) -> Refusal {
    Refusal::WrongCredentials {
        reason: reason.to_owned(),
        denied: Denied::Credentials(Vec::new()),
    }
}

fn text_of(value: &Value) -> Result<&str, Refusal> {
    let text = value.as_str().ok_or_else(|| Refusal::Malformed {
        reason: "The handshake has no challenge".to_owned(),
    })?;
    bounded(text)?;
    Ok(text)
}

fn bounded(challenge: &str) -> Result<(), Refusal> {
    match challenge.len() <= CHALLENGE_BYTES_MAX {
        true => Ok(()),
        false => Err(Refusal::Malformed {
            reason: format!(
                "The handshake's challenge has more than {CHALLENGE_BYTES_MAX} bytes (challenge_bytes_max)"
            ),
        }),
    }
}

fn query_value(head: &Parts, name: &str) -> Option<String> {
    match parse_form(head.uri.query()?).get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn header_value(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let text = value.to_str().ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Text that a browser does not take for a page.
fn plain(text: String) -> Response {
    let mut response = answer::with_body(StatusCode::OK, Bytes::from(text));
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(CONTENT_TYPE, plain);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn json_answer(value: &Value) -> Response {
    answer::with_body(StatusCode::OK, Bytes::from(value.to_string()))
}
