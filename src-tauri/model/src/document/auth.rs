//! How callers of an endpoint show who they are. It fails closed: without `auth` a document is not sound.

use std::net::IpAddr;

use ipnet::IpNet;

use super::names::{NameKind, nearest, read_name};
use super::reading::Reading;
use super::types::{Auth, JwtAlgorithm, JwtAuth, JwtKey, Previous, SignatureAuth};
use super::walk::{Node, Object, escape_pointer};
use hookloom_signature::{CustomProblem, CustomScheme, Scheme, SchemeChoice};

/// Every kind, with its keys beside `kind`, and those of them that it needs.
pub(super) const KINDS: &[(&str, &[&str], &[&str])] = &[
    ("none", &[], &[]),
    ("shared_key", &["secret", "header", "previous"], &["secret"]),
    ("api_key", &["secret", "header", "previous"], &["secret"]),
    ("bearer", &["secret", "previous"], &["secret"]),
    (
        "basic",
        &["username", "secret", "previous"],
        &["username", "secret"],
    ),
    (
        "jwt",
        &[
            "algorithm",
            "issuer",
            "audience",
            "secret",
            "public_key",
            "previous",
        ],
        &["algorithm"],
    ),
    (
        "signature",
        &["scheme", "tolerance_s", "secret", "previous"],
        &["scheme", "secret"],
    ),
    ("ip", &["ranges"], &["ranges"]),
    ("any", &["of"], &["of"]),
    ("all", &["of"], &["of"]),
];

/// Every signature scheme, for requests and for webhook tasks. The crate `signature` implements them.
pub const SIGNATURE_SCHEMES: &[&str] = &[
    "x-webhook-signature",
    "standard-webhooks",
    "gitlab",
    "twilio",
    "discord",
    "sendgrid",
    "http-message-signatures",
    "github",
    "bitbucket",
    "gitea",
    "forgejo",
    "stripe",
    "mux",
    "calendly",
    "workos",
    "paddle",
    "slack",
    "zoom",
    "shopify",
    "woocommerce",
    "xero",
    "typeform",
    "linear",
    "zendesk",
    "notion",
    "razorpay",
    "sentry",
    "dropbox",
    "lemonsqueezy",
    "launchdarkly",
    "paystack",
    "vercel",
    "pagerduty",
    "hubspot-v3",
    "square",
    "adyen",
    "twitch",
    "webflow",
    "klaviyo",
];

/// The header of an `api_key` that names none.
pub const API_KEY_HEADER_DEFAULT: &str = "x-api-key";
/// `any` and `all` within one another.
pub const AUTH_DEPTH_MAX: usize = 3;
/// Ways in one `any` or `all`.
pub const AUTH_WAYS_MAX: usize = 10;
/// Address ranges in one list.
pub const IP_RANGES_MAX: usize = 200;
/// How far a signed time may be from now where nothing is said, and at most: a day.
pub const TOLERANCE_S_DEFAULT: i64 = 300;
pub const TOLERANCE_S_MAX: i64 = 24 * 60 * 60;
const USERNAME_CHARS_MAX: usize = 200;
const CLAIM_CHARS_MAX: usize = 1_000;
const PUBLIC_KEY_CHARS_MAX: usize = 10_000;
const ALGORITHMS: &[&str] = &["HS256", "ES256", "EdDSA", "RS256"];

/// Reads the `auth` of an endpoint. None if it is not sound.
pub(super) fn read_auth(endpoint: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let Some(node) = endpoint.get("auth") else {
        reading
            .report
            .error_at(
                "auth_missing",
                &endpoint.place,
                "`auth` is missing: it is not said who may call this endpoint",
            )
            .hint("write for instance {\"kind\": \"shared_key\", \"secret\": \"NAME\"}; if anybody may call it, {\"kind\": \"none\"}");
        return None;
    };
    read_way(&node, 0, reading)
}

fn read_way(node: &Node<'_>, depth: usize, reading: &mut Reading) -> Option<Auth> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    let names: Vec<&'static str> = KINDS.iter().map(|(name, _, _)| *name).collect();
    let kind = object
        .required("kind", "it says how callers show who they are", report)?
        .one_of(&names, report)?;
    let (_, keys, _) = KINDS.iter().find(|(name, _, _)| *name == kind)?;
    let known: Vec<&str> = ["kind"].iter().chain(*keys).copied().collect();
    object.check_keys(&format!("`auth` of the kind `{kind}`"), &known, &[], report);
    match kind {
        "none" => read_none(node, depth, reading),
        "ip" => read_ranges(&object, reading).map(|ranges| Auth::Ip { ranges }),
        "any" | "all" => {
            let of = read_ways(&object, depth, reading)?;
            Some(match kind {
                "any" => Auth::Any { of },
                _ => Auth::All { of },
            })
        }
        "jwt" => read_jwt(&object, reading),
        "signature" => read_signature(&object, reading),
        _ => read_key(kind, &object, reading),
    }
}

fn read_none(node: &Node<'_>, depth: usize, reading: &mut Reading) -> Option<Auth> {
    let report = &mut reading.report;
    if depth > 0 {
        report.error(
            "open_endpoint",
            node,
            "`none` cannot be one of several ways: everybody would pass by it",
        );
        return None;
    }
    report
        .warning_at(
            "open_endpoint",
            &node.place,
            "anybody who knows the URL of this endpoint can start jobs: it has no authentication",
        )
        .hint("protect it with a shared key, unless it is meant to be open");
    Some(Auth::None)
}

/// The kinds that compare one secret with what the caller sends.
fn read_key(kind: &str, object: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let secret = read_secret(object, reading);
    let previous = read_previous(object, reading);
    let header = object.get("header").map(|node| read_header(&node, reading));
    let username = match kind {
        "basic" => read_username(object, reading),
        _ => Some(String::new()),
    };
    let (secret, previous, username) = (secret?, previous.ok()?, username?);
    let header = match header {
        Some(header) => Some(header?),
        None => None,
    };
    Some(match kind {
        "api_key" => Auth::ApiKey {
            secret,
            header: header.unwrap_or_else(|| API_KEY_HEADER_DEFAULT.to_owned()),
            previous,
        },
        "bearer" => Auth::Bearer { secret, previous },
        "basic" => Auth::Basic {
            username,
            secret,
            previous,
        },
        _ => Auth::SharedKey {
            secret,
            header,
            previous,
        },
    })
}

fn read_username(object: &Object<'_>, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let node = object.required("username", "it is the name that callers give", report)?;
    let name = bounded_text(&node, USERNAME_CHARS_MAX, reading)?;
    if name.contains(':') {
        let message = "a user name cannot have a colon: it would end there";
        reading.report.error("bad_username", &node, message);
        return None;
    }
    Some(name)
}

fn read_signature(object: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let secret = read_secret(object, reading);
    let previous = read_previous(object, reading);
    let report = &mut reading.report;
    let scheme = object
        .required("scheme", "it says how the sender signs", report)
        .and_then(|node| read_scheme(&node, reading));
    let report = &mut reading.report;
    let tolerance_s = match object.get("tolerance_s") {
        Some(node) => node.whole(1, TOLERANCE_S_MAX, " s", report),
        None => Some(TOLERANCE_S_DEFAULT),
    };
    Some(Auth::Signature(SignatureAuth {
        scheme: scheme?,
        secret: secret?,
        tolerance_ms: tolerance_s? * 1_000,
        previous: previous.ok()?,
    }))
}

/// Reads the name of a signature scheme, or the description of one.
pub(super) fn read_scheme(node: &Node<'_>, reading: &mut Reading) -> Option<SchemeChoice> {
    let report = &mut reading.report;
    if node.value.is_object() {
        return read_custom(node, reading);
    }
    let name = node.text(report)?;
    if let Ok(scheme) = Scheme::named(name) {
        return Some(SchemeChoice::Named(scheme));
    }
    let shown: String = name.chars().take(80).collect();
    let near = nearest(name, SIGNATURE_SCHEMES.iter().copied());
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", SIGNATURE_SCHEMES.join(", ")),
    };
    let message = format!("there is no signature scheme `{shown}`");
    report.error("unknown_value", node, message).hint(hint);
    None
}

fn read_custom(node: &Node<'_>, reading: &mut Reading) -> Option<SchemeChoice> {
    match CustomScheme::read(node.value) {
        Ok(scheme) => Some(SchemeChoice::Custom(scheme.into())),
        Err(problems) => {
            for CustomProblem { key, message } in problems {
                let place = match &key {
                    Some(key) => format!("{}/{}", node.place, escape_pointer(key)),
                    None => node.place.clone(),
                };
                reading
                    .report
                    .error_at("bad_scheme", &place, message)
                    .hint("docs/receiving.md describes schemes of one's own");
            }
            None
        }
    }
}

fn read_jwt(object: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let previous = read_previous(object, reading);
    let report = &mut reading.report;
    let algorithm = object
        .required("algorithm", "tokens of any other are refused", report)
        .and_then(|node| node.one_of(ALGORITHMS, report));
    let [issuer, audience] = ["issuer", "audience"].map(|key| {
        let node = object.get(key);
        node.map(|node| bounded_text(&node, CLAIM_CHARS_MAX, reading))
    });
    let algorithm = match algorithm? {
        "HS256" => JwtAlgorithm::Hs256,
        "ES256" => JwtAlgorithm::Es256,
        "EdDSA" => JwtAlgorithm::EdDsa,
        _ => JwtAlgorithm::Rs256,
    };
    let key = read_jwt_key(object, algorithm, reading);
    Some(Auth::Jwt(JwtAuth {
        algorithm,
        key: key?,
        issuer: present(issuer)?,
        audience: present(audience)?,
        previous: previous.ok()?,
    }))
}

/// A shared secret is never in a document; a public key may be.
fn read_jwt_key(
    object: &Object<'_>,
    algorithm: JwtAlgorithm,
    reading: &mut Reading,
) -> Option<JwtKey> {
    let Some(node) = object.get("public_key") else {
        return read_secret(object, reading).map(JwtKey::Secret);
    };
    let report = &mut reading.report;
    if object.get("secret").is_some() {
        report.error(
            "two_keys",
            &node,
            "`secret` and `public_key` are both given, and one of them is to be used",
        );
        return None;
    }
    if algorithm == JwtAlgorithm::Hs256 {
        report
            .error(
                "bad_key",
                &node,
                "HS256 has no public key: whoever can check a token can make one",
            )
            .hint("name the shared secret with `secret`");
        return None;
    }
    let key = bounded_text(&node, PUBLIC_KEY_CHARS_MAX, reading)?;
    if !key.trim_start().starts_with("-----BEGIN PUBLIC KEY-----") {
        reading
            .report
            .error("bad_key", &node, "this is no public key in PEM")
            .hint("it begins with `-----BEGIN PUBLIC KEY-----`");
        return None;
    }
    Some(JwtKey::Public(key))
}

fn read_ranges(object: &Object<'_>, reading: &mut Reading) -> Option<Vec<IpNet>> {
    let report = &mut reading.report;
    let list = object.required("ranges", "it lists the addresses that may call", report)?;
    let nodes = bounded_nodes(&list, IP_RANGES_MAX, "address ranges", reading)?;
    let mut ranges = Vec::new();
    for node in &nodes {
        let report = &mut reading.report;
        let Some(text) = node.text(report) else {
            continue;
        };
        let range = text
            .parse::<IpNet>()
            .ok()
            .or_else(|| Some(text.parse::<IpAddr>().ok()?.into()));
        match range {
            Some(range) => ranges.push(range),
            None => {
                report
                    .error("bad_range", node, "this is no range of addresses")
                    .hint("write one such as `203.0.113.0/24`, `2001:db8::/32` or `127.0.0.1`");
            }
        }
    }
    (ranges.len() == nodes.len()).then_some(ranges)
}

fn read_ways(object: &Object<'_>, depth: usize, reading: &mut Reading) -> Option<Vec<Auth>> {
    let report = &mut reading.report;
    let list = object.required("of", "it lists the ways to show who one is", report)?;
    if depth + 1 > AUTH_DEPTH_MAX {
        report.error(
            "too_deep",
            &list,
            format!(
                "`any` and `all` can stand within one another {AUTH_DEPTH_MAX} deep (auth depth)"
            ),
        );
        return None;
    }
    let nodes = bounded_nodes(&list, AUTH_WAYS_MAX, "ways", reading)?;
    let ways: Vec<Auth> = nodes
        .iter()
        .filter_map(|node| read_way(node, depth + 1, reading))
        .collect();
    (ways.len() == nodes.len()).then_some(ways)
}

fn bounded_nodes<'v>(
    list: &Node<'v>,
    max: usize,
    what: &str,
    reading: &mut Reading,
) -> Option<Vec<Node<'v>>> {
    let report = &mut reading.report;
    let nodes = list.list(report)?;
    if nodes.is_empty() || nodes.len() > max {
        let message = format!(
            "this list has {} {what}; 1 to {max} are possible",
            nodes.len()
        );
        report.error("out_of_range", list, message);
        return None;
    }
    Some(nodes)
}

fn read_secret(object: &Object<'_>, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let node = object.required("secret", "it names the secret that is the key", report)?;
    read_name(&node, NameKind::Expression, "a secret", report).map(str::to_owned)
}

fn read_header(node: &Node<'_>, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let name = node.text(report)?;
    match http::HeaderName::from_bytes(name.as_bytes()) {
        Ok(name) => Some(name.as_str().to_owned()),
        Err(_) => {
            report.error("bad_header", node, "this cannot be the name of a header");
            None
        }
    }
}

fn bounded_text(node: &Node<'_>, chars_max: usize, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let text = node.text(report)?;
    let chars = text.chars().count();
    if chars == 0 || chars > chars_max {
        let message = format!("this has {chars} characters; 1 to {chars_max} are possible");
        report.error("out_of_range", node, message);
        return None;
    }
    Some(text.to_owned())
}

/// A key that may be left out, and that is sound where it is there.
fn present<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(sound) => sound.map(Some),
        None => Some(None),
    }
}

/// The secret before a rotation, and until when it passes.
fn read_previous(object: &Object<'_>, reading: &mut Reading) -> Result<Option<Previous>, NotSound> {
    let Some(node) = object.get("previous") else {
        return Ok(None);
    };
    read_previous_at(&node, reading).map(Some).ok_or(NotSound)
}

/// It was reported.
struct NotSound;

fn read_previous_at(node: &Node<'_>, reading: &mut Reading) -> Option<Previous> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("`previous`", &["secret", "until"], &[], report);
    let secret = object
        .required("secret", "it names the secret before the rotation", report)
        .and_then(|node| read_name(&node, NameKind::Expression, "a secret", report));
    let until = object
        .required(
            "until",
            "it says how long the secret before the rotation passes",
            report,
        )
        .and_then(|node| {
            let text = node.text(report)?;
            match text.parse::<jiff::Timestamp>() {
                Ok(time) => Some(time.as_millisecond()),
                Err(_) => {
                    report
                        .error("bad_time", &node, "this is no point in time")
                        .hint("write it as in 2026-12-31T23:59:59Z");
                    None
                }
            }
        });
    Some((secret?.to_owned(), until?))
}
