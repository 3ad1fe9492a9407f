//! What HTTP steps and webhook tasks have in common: a URL, headers, and a body escaped by its Content-Type.

use hookloom_template::{Place, Template};
use indexmap::IndexMap;
use serde_json::Value;

use super::reading::{Reading, Site};
use super::walk::{Node, Object, escape_pointer};
use crate::ids::FileId;

/// Headers of one request.
pub(crate) const HEADERS_MAX: usize = 100;

/// Headers that belong to a connection or frame a body: the HTTP client refuses them too, but only when a job runs.
pub(crate) const HEADERS_OURS: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Reads the URL.
pub(super) fn read_url(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<String> {
    let node = object.required("url", "it says where the request goes", &mut reading.report)?;
    read_url_of(&node, site, reading)
}

/// Reads a URL under whatever key it stands.
pub(super) fn read_url_of(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<String> {
    let text = reading.template(node, Place::Url, site)?;
    // What has no expression can be checked to its end.
    if !text.contains("{{")
        && let Err(error) = url::Url::parse(&text)
    {
        reading
            .report
            .error("bad_url", node, format!("this is no URL: {error}"));
        return None;
    }
    Some(text)
}

/// Reads the headers, in order.
pub(super) fn read_headers(
    object: &Object<'_>,
    site: &Site,
    reading: &mut Reading,
) -> IndexMap<String, String> {
    let mut headers: IndexMap<String, String> = IndexMap::new();
    let Some(list) = object
        .get("headers")
        .and_then(|node| node.object(&mut reading.report))
    else {
        return headers;
    };
    if list.fields.len() > HEADERS_MAX {
        reading.report.error_at(
            "out_of_range",
            &list.place,
            format!(
                "there are {} headers; at most {HEADERS_MAX} are possible",
                list.fields.len()
            ),
        );
        return headers;
    }
    for (name, value) in list.fields {
        let node = Node::new(value, format!("{}/{}", list.place, escape_pointer(name)));
        if let Some(message) = name_problem(name, &headers) {
            reading.report.error("bad_header", &node, message);
        } else if let Some(text) = reading.template(&node, Place::Header, site) {
            headers.insert(name.clone(), text);
        }
    }
    headers
}

fn name_problem(name: &str, headers: &IndexMap<String, String>) -> Option<&'static str> {
    let Ok(parsed) = http::HeaderName::from_bytes(name.as_bytes()) else {
        return Some(
            "this cannot be the name of a header: letters, digits and `-`, without spaces",
        );
    };
    if HEADERS_OURS.contains(&parsed.as_str()) {
        return Some("this header is set by Hookloom itself, from the body and the connection");
    }
    headers
        .keys()
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some("this header is there twice; upper and lower case make no difference")
}

/// The place of the body, by the Content-Type among the headers. None if it cannot be known.
pub(super) fn body_place(
    object: &Object<'_>,
    headers: &IndexMap<String, String>,
    reading: &mut Reading,
) -> Option<Place> {
    let found = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let Some((name, content_type)) = found else {
        return Some(Place::Text);
    };
    let body_has_expressions = object
        .fields
        .get("body")
        .and_then(|body| body.as_str())
        .is_some_and(|body| body.contains("{{"));
    let place = format!("{}/{}", object.place_of("headers"), escape_pointer(name));
    if content_type.contains("{{") && body_has_expressions {
        reading
            .report
            .error_at(
                "unknown_content_type",
                &place,
                "the Content-Type has an expression, so it is not known how values in the body must be escaped",
            )
            .hint("write the Content-Type out");
        return None;
    }
    if content_type
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("multipart/")
        && body_has_expressions
    {
        reading
            .report
            .error_at(
                "unknown_content_type",
                &place,
                "values cannot be escaped in a multipart body that is written by hand",
            )
            .hint("send a form or JSON instead");
        return None;
    }
    Some(Place::for_content_type(content_type))
}

/// Reads a file to send: its id, or one expression that gives it or what memory holds in its place.
pub(super) fn read_file(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<Value> {
    let text = node.text(&mut reading.report)?;
    if text.contains("{{") {
        return reading.one_expression(node, site).map(Value::from);
    }
    if let Err(error) = text.parse::<FileId>() {
        reading
            .report
            .error(
                "bad_file",
                node,
                format!("this is no id of a file: {error}"),
            )
            .hint("write an expression that gives a file, such as {{ trigger.files.scan }} or {{ trigger.body }}");
        return None;
    }
    Some(text.into())
}

/// A request has one body: the second of several is reported.
pub(super) fn one_body(object: &Object<'_>, keys: &[&str], reading: &mut Reading) {
    let mut given = keys.iter().filter_map(|key| object.get(key));
    if let (Some(_), Some(second)) = (given.next(), given.next()) {
        reading
            .report
            .error(
                "one_of_several",
                &second,
                format!("there can be only one of {}", keys.join(", ")),
            )
            .hint("take the others out");
    }
}

/// Warns of a body that most likely is not read as it is meant.
pub(super) fn check_body(
    node: &Node<'_>,
    template: &Template,
    place: Place,
    headers: &IndexMap<String, String>,
    reading: &mut Reading,
) {
    if place == Place::Json
        && let Some(flaw) = template.json_flaw()
    {
        reading
            .report
            .warning_at(
                "body_is_no_json",
                &node.place,
                format!("the Content-Type says JSON, but around its expressions this body is no JSON: {flaw}"),
            )
            .hint("correct the body, or choose another Content-Type");
    }
    let has_type = headers
        .keys()
        .any(|name| name.eq_ignore_ascii_case("content-type"));
    let looks_like_json = node.value.as_str().is_some_and(|text| {
        text.trim_start().starts_with(['{', '[']) && !text.trim_start().starts_with("{{")
    });
    if !has_type && looks_like_json {
        reading
            .report
            .warning_at(
                "content_type_missing",
                &node.place,
                "this body looks like JSON, but no header says so: values in it are not escaped as JSON",
            )
            .hint("add the header \"Content-Type\": \"application/json\"");
    }
}

/// Reads `validate_ssl`; switched off it gets a warning.
pub(super) fn read_validate_ssl(object: &Object<'_>, what: &str, reading: &mut Reading) -> bool {
    let report = &mut reading.report;
    let Some(node) = object.get("validate_ssl") else {
        return true;
    };
    let validate = node.boolean(report).unwrap_or(true);
    if !validate {
        report
            .warning_at(
                "certificates_not_checked",
                &node.place,
                format!("{what} does not check certificates: somebody on the way can read and change what is sent"),
            )
            .hint("switch `validate_ssl` on, unless this is a test");
    }
    validate
}
