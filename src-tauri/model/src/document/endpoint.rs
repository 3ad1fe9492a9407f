//! Endpoints of a document.

use std::sync::Arc;

use hookloom_template::Place;

use super::auth::read_auth;
use super::endpoint_answer::{read_answer, read_origins};
use super::endpoint_modes::{Modes, read_modes};
use super::endpoint_path::read_path;
use super::handshake::read_handshake;
use super::names::{NameKind, read_name};
use super::reading::{Reading, Site};
use super::types::{BODY_BYTES_MAX_DEFAULT, Endpoint, Mode};
use super::walk::{Node, Object};
use crate::body::BodySchema;

pub(super) const KEYS: &[&str] = &[
    "name",
    "path",
    "methods",
    "mode",
    "modes_allowed",
    "sync_timeout_ms",
    "auth",
    "handshake",
    "header_memory",
    "body_memory",
    "query_memory",
    "limits",
    "credential_headers",
    "content_types",
    "idempotency_key",
    "schema",
    "allowed_origins",
    "response",
    "off_response",
];
pub(super) const KEYS_LATER: &[&str] = &[];
pub(super) const LIMIT_KEYS: &[&str] = &["body_bytes_max", "requests_per_minute_max"];
pub(super) const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The largest body that an endpoint can be made to take.
pub const BODY_BYTES_MAX_MAX: i64 = 1024 * 1024 * 1024;
/// The highest rate that can be given as a limit.
pub const REQUESTS_PER_MINUTE_MAX_MAX: i64 = 10_000_000;
/// Headers or media types in one list of an endpoint.
const LIST_MAX: usize = 100;

/// Reads one endpoint. None if it is not sound.
pub(super) fn read_endpoint(node: &Node<'_>, reading: &mut Reading) -> Option<Endpoint> {
    let object = node.object(&mut reading.report)?;
    let report = &mut reading.report;
    object.check_keys("an endpoint", KEYS, KEYS_LATER, report);
    let name = object
        .required(
            "name",
            "every endpoint has a name, which is part of its URL",
            report,
        )
        .and_then(|node| read_name(&node, NameKind::Address, "an endpoint", report));
    let methods = read_methods(&object, reading);
    let Modes {
        mode,
        allowed: modes_allowed,
        sync_timeout_ms,
    } = read_modes(&object, &mut reading.report);
    let auth = read_auth(&object, reading);
    let handshake = read_handshake(&object, auth.as_ref(), reading);
    let [header_memory, body_memory, query_memory] =
        ["header_memory", "body_memory", "query_memory"]
            .map(|key| read_memory(&object, key, reading));
    let (body_bytes_max, requests_per_minute_max) = read_limits(&object, reading);
    let credential_headers = read_credential_headers(&object, reading);
    let content_types = read_content_types(&object, reading);
    let idempotency_key = object
        .get("idempotency_key")
        .and_then(|node| reading.template(&node, Place::Text, &Site::Endpoint));
    let schema = read_schema(&object, reading);
    check_memory_names(&object, reading);
    let path = read_path(&object, &mut reading.report);
    let allowed_origins = read_origins(&object, &mut reading.report);
    let response = read_answer(&object, "response", &Site::Answer, reading);
    let off_response = read_answer(&object, "off_response", &Site::Endpoint, reading);
    if response.is_some() && !modes_allowed.contains(&Mode::Async) {
        reading
            .report
            .warning_at(
                "no_effect",
                &object.place_of("response"),
                "`response` answers `async` calls only, and no caller of this endpoint makes one",
            )
            .hint("answer with a `respond` step instead, or allow the mode `async`");
    }
    Some(Endpoint {
        name: name?.to_owned(),
        path,
        methods,
        mode,
        modes_allowed,
        sync_timeout_ms,
        auth: auth?,
        handshake: handshake?,
        header_memory,
        body_memory,
        query_memory,
        credential_headers,
        content_types,
        body_bytes_max,
        requests_per_minute_max,
        idempotency_key,
        schema: schema?,
        allowed_origins,
        response,
        off_response,
    })
}

fn read_methods(object: &Object<'_>, reading: &mut Reading) -> Vec<String> {
    let report = &mut reading.report;
    let Some(node) = object.get("methods") else {
        return vec!["POST".to_owned()];
    };
    let Some(items) = node.list(report) else {
        return Vec::new();
    };
    if items.is_empty() {
        report
            .error(
                "empty",
                &node,
                "an endpoint without a method takes no request",
            )
            .hint("leave `methods` out for POST, or name at least one");
    }
    let mut methods: Vec<String> = Vec::new();
    for item in items {
        let Some(method) = item.one_of(METHODS, report) else {
            continue;
        };
        if methods.iter().any(|known| known == method) {
            report.error("duplicate", &item, format!("`{method}` is there twice"));
        } else {
            methods.push(method.to_owned());
        }
    }
    methods
}

fn read_memory(object: &Object<'_>, key: &str, reading: &mut Reading) -> Option<String> {
    let node = object.get(key)?;
    let name = read_name(
        &node,
        NameKind::Expression,
        "a memory variable",
        &mut reading.report,
    )?;
    Some(name.to_owned())
}

/// One variable cannot hold both the headers and the body.
fn check_memory_names(object: &Object<'_>, reading: &mut Reading) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for key in ["header_memory", "body_memory", "query_memory"] {
        let Some(name) = object.fields.get(key).and_then(|value| value.as_str()) else {
            continue;
        };
        match seen.iter().find(|(_, known)| *known == name) {
            Some((other, _)) => {
                reading.report.error_at(
                    "duplicate_name",
                    &object.place_of(key),
                    format!("`{other}` uses the memory variable `{name}` already"),
                );
            }
            None => seen.push((key, name)),
        }
    }
}

fn read_limits(object: &Object<'_>, reading: &mut Reading) -> (u64, Option<u32>) {
    let report = &mut reading.report;
    let defaults = (BODY_BYTES_MAX_DEFAULT, None);
    let Some(limits) = object.get("limits").and_then(|node| node.object(report)) else {
        return defaults;
    };
    limits.check_keys("`limits`", LIMIT_KEYS, &[], report);
    let body = limits
        .get("body_bytes_max")
        .and_then(|node| node.whole(1, BODY_BYTES_MAX_MAX, " bytes", report));
    let rate = limits
        .get("requests_per_minute_max")
        .and_then(|node| node.whole(1, REQUESTS_PER_MINUTE_MAX_MAX, "", report));
    (
        body.and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(BODY_BYTES_MAX_DEFAULT),
        rate.and_then(|rate| u32::try_from(rate).ok()),
    )
}

fn read_credential_headers(object: &Object<'_>, reading: &mut Reading) -> Vec<String> {
    let report = &mut reading.report;
    let nodes = object
        .get("credential_headers")
        .and_then(|node| bounded_list(&node, report))
        .unwrap_or_default();
    let mut headers = Vec::new();
    for node in nodes {
        let Some(text) = node.text(report) else {
            continue;
        };
        match http::HeaderName::from_bytes(text.as_bytes()) {
            Ok(name) => headers.push(name.as_str().to_owned()),
            Err(_) => {
                report.error("bad_header", &node, "this cannot be the name of a header");
            }
        }
    }
    headers
}

/// None if it is not sound.
fn read_schema(object: &Object<'_>, reading: &mut Reading) -> Option<Option<Arc<BodySchema>>> {
    let Some(node) = object.get("schema") else {
        return Some(None);
    };
    match BodySchema::new(node.value) {
        Ok(schema) => Some(Some(Arc::new(schema))),
        Err(why) => {
            reading
                .report
                .error(
                    "bad_schema",
                    &node,
                    format!("this JSON Schema cannot be used: {why}"),
                )
                .hint("a schema can refer to its own parts; other documents are not fetched");
            None
        }
    }
}

fn read_content_types(object: &Object<'_>, reading: &mut Reading) -> Option<Vec<String>> {
    let report = &mut reading.report;
    let list = object.get("content_types")?;
    let nodes = bounded_list(&list, report)?;
    if nodes.is_empty() {
        report
            .error("empty", &list, "an empty list accepts no request")
            .hint("leave `content_types` out to accept all");
    }
    let mut types = Vec::new();
    for node in nodes {
        let Some(text) = node.text(report) else {
            continue;
        };
        let is_token = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-*".contains(&b))
        };
        let sound = text
            .split_once('/')
            .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
        if sound {
            types.push(text.to_ascii_lowercase());
        } else {
            report
                .error("bad_content_type", &node, "this is no media type")
                .hint("write one such as `application/json`, without parameters");
        }
    }
    Some(types)
}

fn bounded_list<'v>(node: &Node<'v>, report: &mut super::walk::Report) -> Option<Vec<Node<'v>>> {
    let nodes = node.list(report)?;
    if nodes.len() > LIST_MAX {
        report.error(
            "out_of_range",
            node,
            format!(
                "this list has {} entries; at most {LIST_MAX} are possible",
                nodes.len()
            ),
        );
        return None;
    }
    Some(nodes)
}
