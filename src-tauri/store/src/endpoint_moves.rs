//! Endpoints that a new version of a flow renames, moves or drops: their old paths stay, as aliases, and their tokens and
//! their callers' keys go with them.
//!
//! Documents are read as plain JSON. Who an old path leads to today is the receiver's to say.

use hookloom_model::document::PathPattern;
use serde_json::Value;

use crate::error::Error;
use crate::table::flows::Flow;
use crate::table::{endpoint_aliases, endpoint_tokens, idempotency_keys};
use crate::tx::Tx;

/// The one workspace of a data folder, as it stands in URLs.
const WORKSPACE: &str = "local";

/// An endpoint of a document.
#[derive(Debug, Clone, Copy)]
struct Listed<'d> {
    place: usize,
    name: &'d str,
    json: &'d Value,
}

/// Keeps what led to the endpoints of the version before.
pub(crate) fn follow(
    tx: &Tx<'_>,
    flow: &Flow,
    before: &Value,
    now: &Value,
    at_ms: i64,
) -> Result<(), Error> {
    let (old, new) = (listed(before), listed(now));
    let has = |list: &[Listed<'_>], name: &str| list.iter().any(|it| it.name == name);
    let mut appeared: Vec<Listed<'_>> = new
        .iter()
        .filter(|it| !has(&old, it.name))
        .copied()
        .collect();
    for endpoint in &old {
        let today = match new.iter().find(|it| it.name == endpoint.name) {
            Some(same) => Some(*same),
            None => {
                let renamed = appeared.iter().position(|it| is_renamed(endpoint, it));
                renamed.map(|place| appeared.swap_remove(place))
            }
        };
        let name = today.map_or(endpoint.name, |today| today.name);
        if name != endpoint.name {
            endpoint_tokens::rename(tx, endpoint.name, name)?;
            endpoint_aliases::rename(tx, endpoint.name, name)?;
            idempotency_keys::rename(tx, flow.id, endpoint.name, name)?;
            let by_name = format!("/api/call/{}", endpoint.name);
            endpoint_aliases::put(tx, &by_name, name, at_ms)?;
        }
        if today.is_none_or(|today| today.name != endpoint.name) {
            // One that is in no flow now may turn up in another: then it was moved.
            let by_flow = format!("/api/webhook/{WORKSPACE}/{}/{}", flow.name, endpoint.name);
            endpoint_aliases::put(tx, &by_flow, name, at_ms)?;
        }
        let path_now = today.and_then(|today| path_of(today.json));
        if let Some(path) = path_of(endpoint.json)
            && path_now.as_ref() != Some(&path)
        {
            endpoint_aliases::put(tx, &path.to_string(), name, at_ms)?;
        }
    }
    Ok(())
}

/// Forgets what led to the endpoints of a flow that is deleted.
pub(crate) fn forget(tx: &Tx<'_>, document: &Value, at_ms: i64) -> Result<(), Error> {
    for endpoint in listed(document) {
        endpoint_tokens::revoke_all(tx, endpoint.name, at_ms)?;
        endpoint_aliases::delete_all(tx, endpoint.name)?;
    }
    Ok(())
}

/// Whether the new endpoint is the old one under another name: nothing else changed, or it stands in the same place
/// and takes the same callers. Who could not call before must not be able to by an old path.
fn is_renamed(old: &Listed<'_>, new: &Listed<'_>) -> bool {
    let without_name = |json: &Value| {
        let mut json = json.clone();
        if let Value::Object(fields) = &mut json {
            fields.shift_remove("name");
        }
        json
    };
    let auth = &old.json["auth"];
    without_name(old.json) == without_name(new.json)
        || (old.place == new.place && auth["kind"] != "none" && *auth == new.json["auth"])
}

fn listed(document: &Value) -> Vec<Listed<'_>> {
    let endpoints = document["endpoints"].as_array();
    let endpoints = endpoints.into_iter().flatten().enumerate();
    endpoints
        .filter_map(|(place, json)| {
            Some(Listed {
                place,
                name: json["name"].as_str()?,
                json,
            })
        })
        .collect()
}

fn path_of(endpoint: &Value) -> Option<PathPattern> {
    PathPattern::parse(endpoint["path"].as_str()?).ok()
}
