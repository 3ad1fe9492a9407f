//! One request of an archive. What a browser writes beside the format (`_resourceType`) is used where it is there.

use serde_json::Value;

use super::super::notes::{Notes, quoted};
use super::super::request::{Body, Request};

/// What Chrome calls the calls of a page's own code, and the page.
const CALLS: [&str; 6] = ["document", "xhr", "fetch", "eventsource", "ping", "other"];
/// Types of answers that are parts of a page.
const PARTS: [&str; 6] = [
    "image/",
    "font/",
    "audio/",
    "video/",
    "text/css",
    "application/font",
];

/// Where an entry is, for a note.
pub(super) fn place(index: usize) -> String {
    format!("request {}", index + 1)
}

/// Whether a browser fetched it only to show a page.
pub(super) fn is_part_of_a_page(entry: &Value) -> bool {
    let kind = entry["_resourceType"].as_str().unwrap_or_default();
    if !kind.is_empty() {
        return !CALLS.contains(&kind) && kind != "websocket" && kind != "preflight";
    }
    let answer = entry["response"]["content"]["mimeType"]
        .as_str()
        .unwrap_or_default();
    let answer = answer.trim().to_ascii_lowercase();
    let is_script = answer
        .split(';')
        .next()
        .unwrap_or_default()
        .ends_with("javascript");
    is_script || PARTS.iter().any(|part| answer.starts_with(part))
}

/// The request, if a step can send it.
pub(super) fn request(entry: &Value, index: usize, notes: &mut Notes) -> Option<Request> {
    let at = place(index);
    let recorded = &entry["request"];
    let kind = entry["_resourceType"].as_str().unwrap_or_default();
    if kind == "websocket" || kind == "preflight" {
        let (what, why) = match kind {
            "websocket" => (
                "a WebSocket",
                "A step sends a request and gets an answer; it keeps no connection.",
            ),
            _ => (
                "a preflight",
                "A browser asks so before it calls another site; a step need not.",
            ),
        };
        notes.dropped(format!("{at}: {what}"), why);
        return None;
    }
    let (Some(method), Some(url)) = (recorded["method"].as_str(), recorded["url"].as_str()) else {
        notes.dropped(at, "It has no `method` or no `url`.");
        return None;
    };
    Some(Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: pairs(&recorded["headers"]),
        body: body(&recorded["postData"], &at, notes),
        follows_redirects: false,
        checks_certificates: true,
        timeout_ms: None,
    })
}

fn pairs(list: &Value) -> Vec<(String, String)> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    let pair = |it: &Value| {
        Some((
            it["name"].as_str()?.to_owned(),
            it["value"].as_str()?.to_owned(),
        ))
    };
    list.iter().filter_map(pair).collect()
}

fn body(posted: &Value, at: &str, notes: &mut Notes) -> Option<Body> {
    if !posted.is_object() {
        return None;
    }
    let kind = posted["mimeType"]
        .as_str()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let params = posted["params"].as_array().map_or(&[][..], Vec::as_slice);
    let text = posted["text"].as_str().unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        if params.is_empty() {
            let why = "The archive has the form as one piece, with its files; give its fields in the step.";
            notes.dropped(format!("{at}: the form"), why);
            return None;
        }
        return Some(Body::Form(params.iter().filter_map(field).collect()));
    }
    let is_binary = posted["encoding"].as_str() == Some("base64")
        || posted["_encoding"].as_str() == Some("base64")
        || text.contains(['\u{fffd}', '\0']);
    if is_binary {
        let what = format!("{at}: the binary body of the type {}", quoted(&kind));
        notes.dropped(
            what,
            "A step's body is text, or a file that came with the request.",
        );
        return None;
    }
    if text.is_empty() && !params.is_empty() {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in params.iter().filter_map(field) {
            form.append_pair(&name, value.as_deref().unwrap_or_default());
        }
        return Some(Body::Text(form.finish()));
    }
    (!text.is_empty()).then(|| Body::Text(text.to_owned()))
}

fn field(param: &Value) -> Option<(String, Option<String>)> {
    let name = param["name"].as_str()?.to_owned();
    let is_file = param["fileName"].is_string();
    let value = param["value"].as_str().unwrap_or_default().to_owned();
    Some((name, (!is_file).then_some(value)))
}
