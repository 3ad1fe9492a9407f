//! What an endpoint answers where it is not the usual: its own answer, its answer while the flow is off, and the pages
//! that may call it.

use indexmap::IndexMap;

use super::kinds::{RESPOND_STATUS_MAX, RESPOND_STATUS_MIN};
use super::reading::{Reading, Site};
use super::requests;
use super::step_types::RespondBody;
use super::walk::{Node, Object, Report};

/// Keys of an answer.
pub(super) const ANSWER_KEYS: &[&str] = &["status", "headers", "body"];
/// Origins in one list.
pub(super) const ORIGINS_MAX: usize = 100;

/// An answer of an endpoint's own.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointAnswer {
    /// 200 unless it is given.
    pub status: u16,
    /// Names and templates, in order.
    pub headers: IndexMap<String, String>,
    pub body: Option<RespondBody>,
}

/// Reads `response` or `off_response`.
pub(super) fn read_answer(
    object: &Object<'_>,
    key: &str,
    site: &Site,
    reading: &mut Reading,
) -> Option<EndpointAnswer> {
    let object = object.get(key)?.object(&mut reading.report)?;
    object.check_keys(&format!("`{key}`"), ANSWER_KEYS, &[], &mut reading.report);
    let status = object.get("status").and_then(|node| {
        node.whole(
            RESPOND_STATUS_MIN,
            RESPOND_STATUS_MAX,
            "",
            &mut reading.report,
        )
    });
    let headers = requests::read_headers(&object, site, reading);
    let place = requests::body_place(&object, &headers, reading);
    let body = object.get("body").and_then(|node: Node<'_>| {
        if node.value.is_string() {
            return reading
                .body(&node, place?, &headers, site)
                .map(RespondBody::Text);
        }
        reading.value(&node, site);
        Some(RespondBody::Json(node.value.clone()))
    });
    Some(EndpointAnswer {
        status: status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200),
        headers,
        body,
    })
}

/// Reads `allowed_origins`: scheme, host and port, in the way that browsers send them.
pub(super) fn read_origins(object: &Object<'_>, report: &mut Report) -> Option<Vec<String>> {
    let list = object.get("allowed_origins")?;
    let nodes = list.list(report)?;
    if nodes.is_empty() || nodes.len() > ORIGINS_MAX {
        report
            .error(
                "out_of_range",
                &list,
                format!("expected 1 to {ORIGINS_MAX} origins, found {}", nodes.len()),
            )
            .hint("leave `allowed_origins` out to take requests of every page");
        return None;
    }
    let mut origins = Vec::new();
    for node in nodes {
        let Some(text) = node.text(report) else {
            continue;
        };
        match origin(text) {
            Some(origin) => origins.push(origin),
            None => {
                report
                    .error("bad_origin", &node, "this is no origin of a page")
                    .hint("write one such as \"https://shop.example\" without a path, or \"*\" for every page");
            }
        }
    }
    Some(origins)
}

fn origin(text: &str) -> Option<String> {
    if text == "*" {
        return Some(text.to_owned());
    }
    let url = url::Url::parse(text).ok()?;
    let is_bare = matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && !text.ends_with('/');
    let origin = url.origin();
    (is_bare && origin.is_tuple()).then(|| origin.ascii_serialization())
}
