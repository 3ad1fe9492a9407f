//! `http`: calls somebody's URL.

use super::super::endpoint::METHODS;
use super::super::reading::{Reading, Site};
use super::super::requests;
use super::super::types::{HttpStep, StepKind};
use super::super::walk::Object;
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "http",
    keys: &[
        "method",
        "url",
        "headers",
        "body",
        "validate_ssl",
        "follow_redirects",
    ],
    keys_later: &["query", "body_file", "multipart", "success_statuses"],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let method = match object.get("method") {
        Some(node) => node.one_of(METHODS, &mut reading.report),
        None => Some("GET"),
    };
    let url = requests::read_url(object, site, reading);
    let headers = requests::read_headers(object, site, reading);
    let place = requests::body_place(object, &headers, reading);
    let body = object.get("body").map(|node| {
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
        reading.body(&node, place?, &headers, site)
    });
    let validate_ssl = requests::read_validate_ssl(object, "this step", reading);
    if let Some(node) = object.get("follow_redirects")
        && node.boolean(&mut reading.report) == Some(true)
    {
        reading
            .report
            .not_available(&node.place, "following redirects");
    }
    Some(StepKind::Http(HttpStep {
        method: method?.to_owned(),
        url: url?,
        headers,
        body: match body {
            Some(body) => Some(body?),
            None => None,
        },
        validate_ssl,
    }))
}
