//! How callers of an endpoint show who they are. It fails closed: without `auth` a document is not sound.

use super::names::{NameKind, read_name};
use super::reading::Reading;
use super::types::Auth;
use super::walk::{Node, Object};

/// Every kind, with its keys beside `kind`; those with `true` can be checked by this release.
pub(super) const KINDS: &[(&str, &[&str], bool)] = &[
    ("none", &[], true),
    ("shared_key", &["secret", "header", "previous"], true),
    ("api_key", &["secret", "header", "previous"], false),
    ("bearer", &["secret", "previous"], false),
    ("basic", &["username", "secret", "previous"], false),
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
        false,
    ),
    (
        "signature",
        &["scheme", "tolerance_s", "secret", "previous"],
        false,
    ),
    ("ip", &["ranges"], false),
    ("any", &["of"], false),
    ("all", &["of"], false),
];

/// Reads the `auth` of an endpoint. None if it is not sound, or cannot be checked by this release.
pub(super) fn read_auth(endpoint: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let report = &mut reading.report;
    let Some(node) = endpoint.get("auth") else {
        report
            .error_at(
                "auth_missing",
                &endpoint.place,
                "`auth` is missing: it is not said who may call this endpoint",
            )
            .hint("write for instance {\"kind\": \"shared_key\", \"secret\": \"NAME\"}; if anybody may call it, {\"kind\": \"none\"}");
        return None;
    };
    let object = node.object(report)?;
    let names: Vec<&'static str> = KINDS.iter().map(|(name, _, _)| *name).collect();
    let kind = object
        .required("kind", "it says how callers show who they are", report)?
        .one_of(&names, report)?;
    let (_, keys, available) = KINDS.iter().find(|(name, _, _)| *name == kind)?;
    let known: Vec<&str> = ["kind"].iter().chain(*keys).copied().collect();
    object.check_keys(&format!("`auth` of the kind `{kind}`"), &known, &[], report);
    if !available {
        report.not_available(&node.place, &format!("authentication of the kind `{kind}`"));
        return None;
    }
    if kind == "none" {
        report
            .warning_at(
                "open_endpoint",
                &node.place,
                "anybody who knows the URL of this endpoint can start jobs: it has no authentication",
            )
            .hint("protect it with a shared key, unless it is meant to be open");
        return Some(Auth::None);
    }
    read_shared_key(&object, reading)
}

fn read_shared_key(object: &Object<'_>, reading: &mut Reading) -> Option<Auth> {
    let report = &mut reading.report;
    let secret = object
        .required("secret", "it names the secret that is the key", report)
        .and_then(|node| read_name(&node, NameKind::Expression, "a secret", report));
    let header = object.get("header").map(|node| {
        let name = node.text(report)?;
        match http::HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => Some(name.as_str().to_owned()),
            Err(_) => {
                report.error("bad_header", &node, "this cannot be the name of a header");
                None
            }
        }
    });
    let previous = object
        .get("previous")
        .map(|node| read_previous(&node, reading));
    Some(Auth::SharedKey {
        secret: secret?.to_owned(),
        header: match header {
            Some(header) => Some(header?),
            None => None,
        },
        previous: match previous {
            Some(previous) => Some(previous?),
            None => None,
        },
    })
}

/// The secret before a rotation, and until when it passes.
fn read_previous(node: &Node<'_>, reading: &mut Reading) -> Option<(String, i64)> {
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
