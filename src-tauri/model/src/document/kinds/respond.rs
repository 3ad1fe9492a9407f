//! `respond`: answers the caller who waits for this job.

use super::super::reading::{Reading, Site};
use super::super::requests;
use super::super::step_types::{RespondBody, RespondStep};
use super::super::types::StepKind;
use super::super::walk::{Node, Object};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "respond",
    keys: &["status", "headers", "body", "body_file"],
    keys_later: &[],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

/// The statuses that an answer can have: those below 200 are no end of an exchange.
pub const RESPOND_STATUS_MIN: i64 = 200;
/// The last of them.
pub const RESPOND_STATUS_MAX: i64 = 599;

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let status = match object.get("status") {
        None => Some(200.into()),
        Some(node) if node.value.is_string() => reading.one_expression(&node, site).map(Into::into),
        Some(node) => {
            let report = &mut reading.report;
            let status = node.whole(RESPOND_STATUS_MIN, RESPOND_STATUS_MAX, "", report);
            status.map(Into::into)
        }
    };
    let headers = requests::read_headers(object, site, reading);
    let place = requests::body_place(object, &headers, reading);
    let body = object.get("body").map(|node: Node<'_>| {
        if node.value.is_string() {
            let text = reading.body(&node, place?, &headers, site)?;
            return Some(RespondBody::Text(text));
        }
        reading.value(&node, site);
        Some(RespondBody::Json(node.value.clone()))
    });
    let body_file = object.get("body_file").map(|node| {
        requests::one_body(object, &["body", "body_file"], reading);
        requests::read_file(&node, site, reading)
    });
    Some(StepKind::Respond(RespondStep {
        status: status?,
        headers,
        body: match body {
            Some(body) => Some(body?),
            None => None,
        },
        body_file: match body_file {
            Some(file) => Some(file?),
            None => None,
        },
    }))
}
