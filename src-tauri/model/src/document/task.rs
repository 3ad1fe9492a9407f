//! Webhook tasks of a document.

use super::auth;
use super::names::{NameKind, nearest, read_name};
use super::reading::{Reading, Site};
use super::requests;
use super::task_certificates;
use super::types::{
    TASK_SCHEDULE_MS_DEFAULT, TASK_TIMEOUT_MS_DEFAULT, TaskEvent, TaskObject, WebhookTask,
};
use super::walk::{Node, Object};
use hookloom_signature::{DEFAULT_SCHEME, Scheme, SchemeChoice};

pub(super) const KEYS: &[&str] = &[
    "name",
    "url",
    "method",
    "event",
    "object",
    "headers",
    "body",
    "secret",
    "scheme",
    "validate_ssl",
    "ca_certificate",
    "client_certificate",
    "retry_on_failure",
    "timeout_ms",
    "schedule_ms",
    "enabled",
];
pub(super) const KEYS_LATER: &[&str] = &[];
pub(super) const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
pub(super) const EVENTS: &[&str] = &["job_succeeded", "job_failed", "job_finished"];

/// The longest name of a task.
pub const TASK_NAME_CHARS_MAX: usize = 100;
/// The longest timeout of one attempt of a delivery: ten minutes.
pub const TASK_TIMEOUT_MS_MAX: i64 = 10 * 60 * 1000;
/// Waits in one schedule.
pub const TASK_SCHEDULE_MAX: usize = 20;
/// The longest wait between two attempts: a week.
pub const TASK_WAIT_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;

/// Reads one task.
pub(super) fn read_task(
    node: &Node<'_>,
    outputs: &[String],
    reading: &mut Reading,
) -> Option<WebhookTask> {
    let object = node.object(&mut reading.report)?;
    let report = &mut reading.report;
    object.check_keys("a webhook task", KEYS, KEYS_LATER, report);
    let name = object
        .required("name", "every webhook task has a name", report)
        .and_then(|node| read_task_name(&node, reading));
    let url = requests::read_url(&object, &Site::Task, reading);
    let report = &mut reading.report;
    let method = match object.get("method") {
        Some(node) => node.one_of(METHODS, report),
        None => Some("POST"),
    };
    let event = object
        .required(
            "event",
            "it says which end of a job sends the message",
            report,
        )
        .and_then(|node| node.one_of(EVENTS, report))
        .map(|event| match event {
            "job_succeeded" => TaskEvent::JobSucceeded,
            "job_failed" => TaskEvent::JobFailed,
            _ => TaskEvent::JobFinished,
        });
    let object_of_task = read_object(&object, outputs, reading);
    let headers = requests::read_headers(&object, &Site::Task, reading);
    let body = read_body(&object, method, &headers, reading);
    let report = &mut reading.report;
    let secret = object
        .get("secret")
        .map(|node| read_name(&node, NameKind::Expression, "a secret", report));
    let scheme = read_scheme(&object, reading);
    let validate_ssl = requests::read_validate_ssl(&object, "this webhook task", reading);
    let ca_certificate = task_certificates::read_authorities(&object, validate_ssl, reading);
    let client_certificate = task_certificates::read_client(&object, reading);
    let report = &mut reading.report;
    let retry_on_failure = object
        .get("retry_on_failure")
        .and_then(|node| node.boolean(report));
    let timeout_ms = object
        .get("timeout_ms")
        .and_then(|node| node.whole(1, TASK_TIMEOUT_MS_MAX, " milliseconds", report));
    let enabled = object.get("enabled").and_then(|node| node.boolean(report));
    let schedule_ms = read_schedule(&object, reading);
    Some(WebhookTask {
        name: name?,
        url: url?,
        method: method?.to_owned(),
        event: event?,
        object: object_of_task?,
        headers,
        body: body?,
        secret: secret.map_or(Some(None), |name| name.map(|name| Some(name.to_owned())))?,
        scheme: scheme?,
        validate_ssl,
        ca_certificate: ca_certificate?,
        client_certificate: client_certificate?,
        retry_on_failure: retry_on_failure.unwrap_or(true),
        timeout_ms: timeout_ms.unwrap_or(TASK_TIMEOUT_MS_DEFAULT),
        schedule_ms,
        enabled: enabled.unwrap_or(true),
    })
}

/// A title more than a name: `Tell Slack`.
fn read_task_name(node: &Node<'_>, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let name = node.short_text(TASK_NAME_CHARS_MAX, report)?;
    if name.trim().is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        report.error(
            "bad_name",
            node,
            "the name of a webhook task is a line of text that neither begins nor ends with a space",
        );
        return None;
    }
    Some(name.to_owned())
}

fn read_object(
    object: &Object<'_>,
    outputs: &[String],
    reading: &mut Reading,
) -> Option<TaskObject> {
    let report = &mut reading.report;
    let Some(node) = object.get("object") else {
        return Some(TaskObject::AnyJob);
    };
    if node.value.is_string() {
        return node
            .one_of(&["any_job"], report)
            .map(|_| TaskObject::AnyJob);
    }
    let list = node.object(report)?;
    list.check_keys("the object of a webhook task", &["outputs"], &[], report);
    let names = list
        .required(
            "outputs",
            "it names the outputs that the task looks at",
            report,
        )?
        .list(report)?;
    if names.is_empty() {
        report.error(
            "empty",
            &node,
            "a task that looks at no output never sends a message",
        );
    }
    let mut chosen: Vec<String> = Vec::new();
    for name in names {
        let Some(text) = name.text(report) else {
            continue;
        };
        if chosen.iter().any(|known| known == text) {
            report.error("duplicate", &name, format!("`{text}` is there twice"));
            continue;
        }
        chosen.push(text.to_owned());
        if !outputs.iter().any(|known| known == text) {
            let shown: String = text.chars().take(80).collect();
            let reported = report.error(
                "unknown_output",
                &name,
                format!("there is no output `{shown}`"),
            );
            if let Some(known) = nearest(text, outputs.iter().map(String::as_str)) {
                reported.hint(format!("did you mean `{known}`?"));
            }
        }
    }
    Some(TaskObject::Outputs(chosen))
}

/// The outer none: not sound.
fn read_body(
    object: &Object<'_>,
    method: Option<&str>,
    headers: &indexmap::IndexMap<String, String>,
    reading: &mut Reading,
) -> Option<Option<String>> {
    let place = requests::body_place(object, headers, reading);
    let Some(node) = object.get("body") else {
        return Some(None);
    };
    if let Some(method @ ("GET" | "DELETE")) = method {
        reading
            .report
            .error(
                "body_not_allowed",
                &node,
                format!("a {method} message has no body"),
            )
            .hint("choose POST, PUT or PATCH, or take the body out");
    }
    reading.body(&node, place?, headers, &Site::Task).map(Some)
}

/// None if it is not sound.
fn read_scheme(object: &Object<'_>, reading: &mut Reading) -> Option<SchemeChoice> {
    let Some(node) = object.get("scheme") else {
        return Scheme::named(DEFAULT_SCHEME).map(SchemeChoice::Named).ok();
    };
    let scheme = auth::read_scheme(&node, reading)?;
    if !object.fields.contains_key("secret") {
        reading
            .report
            .error(
                "secret_missing",
                &node,
                format!(
                    "nothing is signed with `{}`: the task has no `secret`",
                    scheme.name()
                ),
            )
            .hint("name the secret that signs, or take `scheme` out");
    }
    Some(scheme)
}

fn read_schedule(object: &Object<'_>, reading: &mut Reading) -> Vec<i64> {
    let report = &mut reading.report;
    let default = TASK_SCHEDULE_MS_DEFAULT.to_vec();
    let Some(node) = object.get("schedule_ms") else {
        return default;
    };
    let Some(items) = node.list(report) else {
        return default;
    };
    if items.is_empty() || items.len() > TASK_SCHEDULE_MAX {
        report
            .error(
                "out_of_range",
                &node,
                format!(
                    "a schedule has from 1 to {TASK_SCHEDULE_MAX} waits, this one has {}",
                    items.len()
                ),
            )
            .hint("for a single attempt write \"retry_on_failure\": false");
        return default;
    }
    items
        .iter()
        .filter_map(|item| item.whole(1, TASK_WAIT_MS_MAX, " milliseconds", report))
        .collect()
}
