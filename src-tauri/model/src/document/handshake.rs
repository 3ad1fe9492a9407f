//! What a provider asks an endpoint before it sends anything, and who answers that by itself. How is the receiver's.

use super::names::{NameKind, read_name};
use super::reading::Reading;
use super::types::Auth;
use super::walk::{Node, Object};
use hookloom_signature::SchemeChoice;

/// Every kind, with its keys beside `kind`, and those of them that it needs.
pub(super) const KINDS: &[(&str, &[&str], &[&str])] = &[
    ("none", &[], &[]),
    ("slack", &[], &[]),
    ("zoom", &["secret"], &["secret"]),
    ("dropbox", &[], &[]),
    ("discord", &[], &[]),
    ("meta", &["secret"], &["secret"]),
    ("websub", &["secret"], &["secret"]),
    ("x", &["secret"], &["secret"]),
    ("microsoft_graph", &[], &[]),
    ("event_grid", &[], &[]),
    ("okta", &[], &[]),
    ("asana", &["secret"], &["secret"]),
    ("cloudevents", &["origins"], &[]),
];

/// Origins that a `cloudevents` handshake can list.
pub const HANDSHAKE_ORIGINS_MAX: usize = 100;
const ORIGIN_CHARS_MAX: usize = 253;

/// A handshake that an endpoint answers by itself. Each names the secret that it needs, if it needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handshake {
    /// `url_verification`: the challenge of a signed body.
    Slack,
    /// `endpoint.url_validation`: the token of a signed body, and its HMAC.
    Zoom { secret: String },
    /// `?challenge=`
    Dropbox,
    /// PING of a signed body.
    Discord,
    /// `?hub.challenge=` with the verify token, which is the secret: Meta and WebSub.
    HubChallenge { secret: String },
    /// `?crc_token=`: its HMAC.
    X { secret: String },
    /// `?validationToken=`
    MicrosoftGraph,
    /// The validation code of a subscription, in a body of a caller who is let in.
    EventGrid,
    /// `X-Okta-Verification-Challenge`
    Okta,
    /// `X-Hook-Secret`: the key of later signatures. The first one becomes the secret.
    Asana { secret: String },
    /// `OPTIONS` with `WebHook-Request-Origin`; any origin, or one of these.
    CloudEvents { origins: Vec<String> },
}

impl Handshake {
    /// The name in the document, and in records.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Zoom { .. } => "zoom",
            Self::Dropbox => "dropbox",
            Self::Discord => "discord",
            Self::HubChallenge { .. } => "hub.challenge",
            Self::X { .. } => "x",
            Self::MicrosoftGraph => "microsoft_graph",
            Self::EventGrid => "event_grid",
            Self::Okta => "okta",
            Self::Asana { .. } => "asana",
            Self::CloudEvents { .. } => "cloudevents",
        }
    }
}

/// Reads `handshake`; without it the signature scheme may imply one. The outer none: not sound.
pub(super) fn read_handshake(
    endpoint: &Object<'_>,
    auth: Option<&Auth>,
    reading: &mut Reading,
) -> Option<Option<Handshake>> {
    let Some(node) = endpoint.get("handshake") else {
        return Some(auth.and_then(implied));
    };
    let report = &mut reading.report;
    let object = node.object(report)?;
    let names: Vec<&'static str> = KINDS.iter().map(|(name, _, _)| *name).collect();
    let kind = object
        .required("kind", "it says which handshake is answered", report)?
        .one_of(&names, report)?;
    let (_, keys, needed) = KINDS.iter().find(|(name, _, _)| *name == kind)?;
    let known: Vec<&str> = ["kind"].iter().chain(*keys).copied().collect();
    object.check_keys(
        &format!("`handshake` of the kind `{kind}`"),
        &known,
        &[],
        report,
    );
    let secret = match needed.contains(&"secret") {
        true => object
            .required("secret", secret_of(kind), report)
            .and_then(|node| read_name(&node, NameKind::Expression, "a secret", report))?
            .to_owned(),
        false => String::new(),
    };
    let origins = match object.get("origins") {
        Some(node) => read_origins(&node, reading)?,
        None => Vec::new(),
    };
    Some(match kind {
        "slack" => Some(Handshake::Slack),
        "zoom" => Some(Handshake::Zoom { secret }),
        "dropbox" => Some(Handshake::Dropbox),
        "discord" => Some(Handshake::Discord),
        "meta" | "websub" => Some(Handshake::HubChallenge { secret }),
        "x" => Some(Handshake::X { secret }),
        "microsoft_graph" => Some(Handshake::MicrosoftGraph),
        "event_grid" => Some(Handshake::EventGrid),
        "okta" => Some(Handshake::Okta),
        "asana" => Some(Handshake::Asana { secret }),
        "cloudevents" => Some(Handshake::CloudEvents { origins }),
        _ => None,
    })
}

fn secret_of(kind: &str) -> &'static str {
    match kind {
        "meta" | "websub" => "it names the secret that is the verify token",
        "asana" => "it names the secret that the first handshake sets",
        _ => "it names the secret that signs the answer",
    }
}

/// The handshake that comes with a scheme.
fn implied(auth: &Auth) -> Option<Handshake> {
    auth.ways().into_iter().find_map(|way| {
        let Auth::Signature(signature) = way else {
            return None;
        };
        let SchemeChoice::Named(scheme) = &signature.scheme else {
            return None;
        };
        Some(match scheme.name {
            "slack" => Handshake::Slack,
            "zoom" => Handshake::Zoom {
                secret: signature.secret.clone(),
            },
            "dropbox" => Handshake::Dropbox,
            "discord" => Handshake::Discord,
            _ => return None,
        })
    })
}

fn read_origins(node: &Node<'_>, reading: &mut Reading) -> Option<Vec<String>> {
    let report = &mut reading.report;
    let nodes = node.list(report)?;
    if nodes.is_empty() || nodes.len() > HANDSHAKE_ORIGINS_MAX {
        let message = format!(
            "this list has {} origins; 1 to {HANDSHAKE_ORIGINS_MAX} are possible",
            nodes.len()
        );
        report.error("out_of_range", node, message);
        return None;
    }
    let origins: Vec<String> = nodes
        .iter()
        .filter_map(|node| {
            node.short_text(ORIGIN_CHARS_MAX, report)
                .map(str::to_ascii_lowercase)
        })
        .collect();
    (origins.len() == nodes.len()).then_some(origins)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::from_value;

    fn handshake_of(scheme: &str, handshake: Option<Value>) -> Option<Handshake> {
        let mut endpoint =
            json!({"name": "in", "auth": {"kind": "signature", "scheme": scheme, "secret": "a"}});
        if let Some(handshake) = handshake {
            endpoint["handshake"] = handshake;
        }
        let document = json!({"format": "hookloom.flow/1", "name": "f", "endpoints": [endpoint],
            "steps": [{"name": "s", "kind": "set", "values": {}}]});
        let parsed = from_value(document);
        let document = parsed
            .document
            .unwrap_or_else(|| panic!("{:?}", parsed.problems));
        document.endpoints[0].handshake.clone()
    }

    #[test]
    fn four_schemes_bring_their_handshake_unless_another_is_named() {
        assert_eq!(handshake_of("slack", None), Some(Handshake::Slack));
        let zoom = Handshake::Zoom { secret: "a".into() };
        assert_eq!(handshake_of("zoom", None), Some(zoom));
        assert_eq!(handshake_of("dropbox", None), Some(Handshake::Dropbox));
        assert_eq!(handshake_of("discord", None), Some(Handshake::Discord));
        assert_eq!(handshake_of("github", None), None);
        assert_eq!(handshake_of("slack", Some(json!({"kind": "none"}))), None);
        let meta = handshake_of("github", Some(json!({"kind": "meta", "secret": "b"})));
        assert_eq!(meta, Some(Handshake::HubChallenge { secret: "b".into() }));
    }
}
