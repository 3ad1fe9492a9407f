//! `http`: calls somebody's URL.

use hookloom_template::Place;
use indexmap::IndexMap;
use serde_json::Value;

use super::super::endpoint::METHODS;
use super::super::reading::{Reading, Site};
use super::super::requests;
use super::super::step_types::{FormContent, FormPart, StatusRanges};
use super::super::types::{HttpBody, HttpStep, StepKind};
use super::super::walk::{Node, Object, escape_pointer};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "http",
    keys: &[
        "method",
        "url",
        "query",
        "headers",
        "body",
        "body_file",
        "multipart",
        "validate_ssl",
        "success_statuses",
        "follow_redirects",
    ],
    keys_later: &[],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

/// Parts of one form.
const FORM_PARTS_MAX: usize = 100;
/// Names in one query.
const QUERY_NAMES_MAX: usize = 100;
const BODIES: &[&str] = &["body", "body_file", "multipart"];

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let method = match object.get("method") {
        Some(node) => node.one_of(METHODS, &mut reading.report),
        None => Some("GET"),
    };
    let url = requests::read_url(object, site, reading);
    let query = read_query(object, site, reading);
    let headers = requests::read_headers(object, site, reading);
    let body = read_body(object, method, &headers, site, reading);
    let validate_ssl = requests::read_validate_ssl(object, "this step", reading);
    let success_statuses = match object.get("success_statuses") {
        Some(node) => read_statuses(&node, reading),
        None => Some(StatusRanges::default()),
    };
    let follow_redirects = object
        .get("follow_redirects")
        .and_then(|node| node.boolean(&mut reading.report))
        .unwrap_or(false);
    Some(StepKind::Http(HttpStep {
        method: method?.to_owned(),
        url: url?,
        query,
        headers,
        body: match body {
            Some(body) => Some(body?),
            None => None,
        },
        validate_ssl,
        success_statuses: success_statuses?,
        follow_redirects,
    }))
}

fn read_query(object: &Object<'_>, site: &Site, reading: &mut Reading) -> IndexMap<String, Value> {
    let mut query = IndexMap::new();
    let node = object.get("query");
    let Some(list) = node.and_then(|node| node.object(&mut reading.report)) else {
        return query;
    };
    if list.fields.len() > QUERY_NAMES_MAX {
        reading.report.error_at(
            "out_of_range",
            &list.place,
            format!("a query has at most {QUERY_NAMES_MAX} names"),
        );
        return query;
    }
    for (name, value) in list.fields {
        let place = format!("{}/{}", list.place, escape_pointer(name));
        reading.value(&Node::new(value, place), site);
        query.insert(name.clone(), value.clone());
    }
    query
}

#[expect(clippy::option_option, reason = "none there, and one that is wrong")]
fn read_body(
    object: &Object<'_>,
    method: Option<&str>,
    headers: &IndexMap<String, String>,
    site: &Site,
    reading: &mut Reading,
) -> Option<Option<HttpBody>> {
    let place = requests::body_place(object, headers, reading);
    let node = BODIES.iter().find_map(|key| object.get(key))?;
    requests::one_body(object, BODIES, reading);
    if matches!(method, Some("GET" | "HEAD")) {
        reading
            .report
            .error(
                "body_not_allowed",
                &node,
                "a GET or HEAD request has no body",
            )
            .hint("choose another method, or take the body out");
    }
    if let Some(node) = object.get("body") {
        return Some(text_body(&node, place, headers, site, reading));
    }
    if let Some(node) = object.get("body_file") {
        return Some(requests::read_file(&node, site, reading).map(HttpBody::File));
    }
    let sets_type = |name: &&String| name.eq_ignore_ascii_case("content-type");
    if let Some(name) = headers.keys().find(sets_type) {
        let place = format!("{}/{}", object.place_of("headers"), escape_pointer(name));
        let message = "the Content-Type of a form with files is set by Hookloom: it names what separates the parts";
        reading
            .report
            .error_at("bad_header", &place, message)
            .hint("take the header out");
    }
    Some(read_form(&node, site, reading).map(HttpBody::Form))
}

fn text_body(
    node: &Node<'_>,
    place: Option<Place>,
    headers: &IndexMap<String, String>,
    site: &Site,
    reading: &mut Reading,
) -> Option<HttpBody> {
    reading
        .body(node, place?, headers, site)
        .map(HttpBody::Text)
}

fn read_form(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<Vec<FormPart>> {
    let nodes = node.list(&mut reading.report)?;
    if nodes.is_empty() || nodes.len() > FORM_PARTS_MAX {
        let message = format!("a form has from 1 to {FORM_PARTS_MAX} parts");
        reading.report.error("out_of_range", node, message);
        return None;
    }
    let parts: Vec<Option<FormPart>> = nodes
        .iter()
        .map(|node| read_part(node, site, reading))
        .collect();
    parts.into_iter().collect()
}

fn read_part(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<FormPart> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("a part of a form", &["name", "value", "file"], &[], report);
    let name = object.required("name", "every part of a form has a name", report);
    let name = name.and_then(|node| node.text(report));
    requests::one_body(&object, &["value", "file"], reading);
    let content = match (object.get("value"), object.get("file")) {
        (_, Some(file)) => requests::read_file(&file, site, reading).map(FormContent::File),
        (Some(value), None) => {
            reading.value(&value, site);
            Some(FormContent::Value(value.value.clone()))
        }
        (None, None) => {
            reading
                .report
                .error_at(
                    "missing",
                    &object.place,
                    "`value` or `file` is missing: one of them says what the part holds",
                )
                .hint("add the key `value`");
            None
        }
    };
    Some(FormPart {
        name: name?.to_owned(),
        content: content?,
    })
}

/// Ranges such as `200-299,404`.
fn read_statuses(node: &Node<'_>, reading: &mut Reading) -> Option<StatusRanges> {
    let text = node.text(&mut reading.report)?;
    let ranges: Option<Vec<(u16, u16)>> = text.split(',').map(read_range).collect();
    if ranges.is_none() {
        reading
            .report
            .error(
                "bad_statuses",
                node,
                "this is no list of statuses from 100 to 599",
            )
            .hint("write it as 200-299,404");
    }
    ranges.map(StatusRanges)
}

fn read_range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        let digits = text.trim();
        let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let status = digits.parse().ok().filter(|_| is_status)?;
        (100..=599).contains(&status).then_some(status)
    };
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}
