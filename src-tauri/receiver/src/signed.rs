//! Whether a body carries the endpoint's signature. The schemes themselves are the crate `signature`'s.

use bytes::Bytes;
use hookloom_model::document::SignatureAuth;
use hookloom_signature::{Failure, VerifyInput};
use http::header::HOST;

use crate::credentials::Facts;
use crate::refusal::{Denied, Refusal};
use crate::shown::text;

/// A body in each form that a sender may have signed.
pub(crate) struct SignedBody {
    /// As it came over the wire.
    pub sent: Bytes,
    /// After its Content-Encoding was taken off; the same where there was none.
    pub plain: Bytes,
}

/// Whether the signature is the endpoint's, over the body as it was sent or as it was before it was compressed: senders
/// sign either, and nobody without the secret can sign one of them.
pub(crate) fn check(
    wanted: &SignatureAuth,
    facts: Facts<'_>,
    body: &SignedBody,
) -> Result<(), Refusal> {
    let secrets = facts
        .secrets
        .with_previous(&wanted.secret, wanted.previous.as_ref());
    let secrets = secrets.map_err(|error| error.refusal(Denied::Signature))?;
    let head = &facts.request.head;
    let values: Vec<(&str, _)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), text(value.as_bytes())))
        .collect();
    let headers: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let bodies = match body.sent == body.plain {
        true => vec![&body.plain],
        false => vec![&body.sent, &body.plain],
    };
    let mut first = None;
    for url in urls(facts) {
        for secret in &secrets {
            for body in &bodies {
                let verified = wanted.scheme.verify(&VerifyInput {
                    secret: secret.expose(),
                    method: head.method.as_str(),
                    url: &url,
                    headers: &headers,
                    body,
                    now_ms: facts.request.arrived.at_ms,
                    tolerance_ms: wanted.tolerance_ms,
                });
                match verified {
                    Ok(()) => return Ok(()),
                    // A genuine message that is too old tells more than one that does not match.
                    Err(failure) if first.is_none() || is_late(&failure) => first = Some(failure),
                    Err(_) => {}
                }
            }
        }
    }
    let reason = first.map_or_else(String::new, |failure| failure.explain());
    Err(Refusal::InvalidSignature {
        scheme: wanted.scheme.name(),
        reason,
    })
}

fn is_late(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Stale { .. } | Failure::FromTheFuture { .. }
    )
}

/// The URL as the sender may know it: below the public one, else as the request names its host. Something before us may
/// have taken TLS off, which we cannot see.
fn urls(facts: Facts<'_>) -> Vec<String> {
    let head = &facts.request.head;
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let public = facts.public_url.map(|url| format!("{url}{target}"));
    let of_host = host
        .into_iter()
        .flat_map(|host| ["https", "http"].map(|scheme| format!("{scheme}://{host}{target}")));
    let urls: Vec<String> = public.into_iter().chain(of_host).collect();
    match urls.is_empty() {
        true => vec![String::new()],
        false => urls,
    }
}
