//! `remote`: a step that somebody else runs, called by a signed message.

use super::super::names::{NameKind, read_name};
use super::super::reading::{Reading, Site};
use super::super::requests;
use super::super::step_types::RemoteStep;
use super::super::types::StepKind;
use super::super::walk::Object;
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "remote",
    keys: &["url", "secret", "data"],
    keys_later: &[],
    // Whoever answers chooses.
    exit_codes: None,
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let url = match object.get("url") {
        None if reading.has_remote_url => Some(None),
        None => {
            missing(object, "url", "remote_url", "where it is sent", reading);
            None
        }
        Some(node) => requests::read_url_of(&node, site, reading).map(Some),
    };
    let secret = match object.get("secret") {
        None if reading.has_remote_secret => Some(None),
        None => {
            missing(object, "secret", "remote_secret", "what signs it", reading);
            None
        }
        Some(node) => {
            let report = &mut reading.report;
            let name = read_name(&node, NameKind::Expression, "a secret", report);
            name.map(|name| Some(name.to_owned()))
        }
    };
    let data = object.get("data").map(|node| {
        reading.value(&node, site);
        node.value.clone()
    });
    Some(StepKind::Remote(RemoteStep {
        url: url?,
        secret: secret?,
        data,
    }))
}

fn missing(object: &Object<'_>, key: &str, of_flow: &str, what: &str, reading: &mut Reading) {
    reading
        .report
        .error_at(
            "missing",
            &object.place,
            format!("`{key}` is missing: neither the step nor the flow says {what}"),
        )
        .hint(format!(
            "add the key `{key}` here, or `{of_flow}` to the flow, for all of its remote steps"
        ));
}
