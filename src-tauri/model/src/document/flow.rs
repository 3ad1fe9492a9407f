//! The document as a whole: its keys, its parts, and what holds between them.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::endpoint::read_endpoint;
use super::graph;
use super::inner_destinations::{INNER_DESTINATIONS_MAX, read_inner_destinations};
use super::kinds::saved_names;
use super::names::{NameKind, check_unique, read_name};
use super::outputs::read_output;
use super::reading::{Reading, Site};
use super::requests;
use super::schedule::read_schedule;
use super::step::{StepDraft, read_step};
use super::task::read_task;
use super::types::{FLOW_TIMEOUT_MS_DEFAULT, FORMAT, FlowDocument, StepKind, WEBHOOK_TASKS_MAX};
use super::uses::{self, Known};
use super::walk::{Node, Object, Report, escape_pointer};

pub(super) const KEYS: &[&str] = &[
    "format",
    "name",
    "title",
    "description",
    "vars",
    "timeout_ms",
    "remote_url",
    "remote_secret",
    "inner_destinations",
    "endpoints",
    "schedules",
    "steps",
    "outputs",
    "webhook_tasks",
    "layout",
];
pub(super) const KEYS_LATER: &[&str] = &["on_failure"];

/// The longest title.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest description.
pub const DESCRIPTION_CHARS_MAX: usize = 10_000;
/// The longest timeout of a job: 30 days.
pub const FLOW_TIMEOUT_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1000;
/// Endpoints of one flow.
pub const ENDPOINTS_MAX: usize = 100;
/// Steps of one flow.
pub const STEPS_MAX: usize = 1_000;
/// Outputs of one flow.
pub const OUTPUTS_MAX: usize = 1_000;
/// Schedules of one flow.
pub const SCHEDULES_MAX: usize = 100;

/// What is known of a flow even if its document is not sound.
pub(super) struct Heading {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
}

/// Reads a document. There is one only if nothing is wrong with it.
pub(super) fn read_flow(value: &Value, reading: &mut Reading) -> (Heading, Option<FlowDocument>) {
    let nothing = Heading {
        name: None,
        title: None,
    };
    let Some(object) = Node::new(value, "").object(&mut reading.report) else {
        return (nothing, None);
    };
    let format_is_ours = read_format(&object, &mut reading.report);
    if !format_is_ours {
        return (nothing, None);
    }
    let report = &mut reading.report;
    object.check_keys("a flow", KEYS, KEYS_LATER, report);
    let name = object
        .required(
            "name",
            "every flow has a name, which is part of its URLs",
            report,
        )
        .and_then(|node| read_name(&node, NameKind::Address, "a flow", report))
        .map(str::to_owned);
    let title = object
        .get("title")
        .and_then(|node| node.short_text(TITLE_CHARS_MAX, report))
        .map(str::to_owned);
    let description = object
        .get("description")
        .and_then(|node| node.short_text(DESCRIPTION_CHARS_MAX, report))
        .map(str::to_owned);
    let vars = read_vars(&object, report);
    let timeout_ms = object
        .get("timeout_ms")
        .and_then(|node| node.whole(1, FLOW_TIMEOUT_MS_MAX, " milliseconds", report))
        .unwrap_or(FLOW_TIMEOUT_MS_DEFAULT);
    if let Some(layout) = object.get("layout") {
        layout.object(report);
    }
    let inner_nodes = list(
        &object,
        "inner_destinations",
        INNER_DESTINATIONS_MAX,
        report,
    );
    let inner_destinations = Arc::new(read_inner_destinations(&inner_nodes, report));
    let (remote_url, remote_secret) = read_remote(&object, reading);
    let parts = read_parts(&object, reading);
    let heading = Heading {
        name: name.clone(),
        title: title.clone(),
    };
    let document = name.map(|name| FlowDocument {
        name,
        title,
        description,
        vars,
        timeout_ms,
        remote_url,
        remote_secret,
        inner_destinations,
        ..parts
    });
    (heading, document.filter(|_| !reading.report.has_errors()))
}

fn read_format(object: &Object<'_>, report: &mut Report) -> bool {
    let Some(node) = object.required(
        "format",
        "it says which version of the format this is",
        report,
    ) else {
        // The rest is worth reading: most likely only the mark was forgotten.
        return true;
    };
    let Some(text) = node.text(report) else {
        return true;
    };
    if text == FORMAT {
        return true;
    }
    let version = text
        .strip_prefix("hookloom.flow/")
        .and_then(|version| version.parse::<u32>().ok());
    let shown: String = text.chars().take(80).collect();
    match version {
        Some(version) if version > 1 => {
            report
                .error(
                    "newer_format",
                    &node,
                    format!("this document has the format `{shown}`, which is newer than `{FORMAT}`, the newest that this release reads"),
                )
                .hint("import it with a newer release of Hookloom");
            false
        }
        _ => {
            report
                .error(
                    "unknown_format",
                    &node,
                    format!("`{shown}` is no format of a flow"),
                )
                .hint(format!("write \"format\": \"{FORMAT}\""));
            true
        }
    }
}

/// What `remote` steps share.
fn read_remote(object: &Object<'_>, reading: &mut Reading) -> (Option<String>, Option<String>) {
    reading.has_remote_url = object.fields.contains_key("remote_url");
    reading.has_remote_secret = object.fields.contains_key("remote_secret");
    let url = object.get("remote_url");
    let url = url.and_then(|node| requests::read_url_of(&node, &Site::Flow, reading));
    let report = &mut reading.report;
    let secret = object
        .get("remote_secret")
        .and_then(|node| read_name(&node, NameKind::Expression, "a secret", report));
    (url, secret.map(str::to_owned))
}

fn read_vars(object: &Object<'_>, report: &mut Report) -> IndexMap<String, Value> {
    let mut vars = IndexMap::new();
    let Some(list) = object.get("vars").and_then(|node| node.object(report)) else {
        return vars;
    };
    for (name, value) in list.fields {
        let name_value = Value::String(name.clone());
        let node = Node::new(
            &name_value,
            format!("{}/{}", list.place, escape_pointer(name)),
        );
        read_name(&node, NameKind::Expression, "a variable", report);
        vars.insert(name.clone(), value.clone());
    }
    vars
}

/// The lists of a document. Name, title and the like are filled in by the caller.
fn read_parts(object: &Object<'_>, reading: &mut Reading) -> FlowDocument {
    let endpoint_nodes = list(object, "endpoints", ENDPOINTS_MAX, &mut reading.report);
    let endpoints: Vec<_> = endpoint_nodes
        .iter()
        .filter_map(|node| read_endpoint(node, reading))
        .collect();
    let drafts: Vec<StepDraft> = list(object, "steps", STEPS_MAX, &mut reading.report)
        .iter()
        .filter_map(|node| read_step(node, reading))
        .collect();
    graph::check(&drafts, &mut reading.report);
    let steps: Vec<String> = drafts
        .iter()
        .filter_map(|draft| draft.name.clone())
        .collect();
    let output_nodes = list(object, "outputs", OUTPUTS_MAX, &mut reading.report);
    let outputs: Vec<_> = output_nodes
        .iter()
        .filter_map(|node| read_output(node, &steps, reading))
        .collect();
    let output_names = named(&output_nodes);
    let schedule_nodes = list(object, "schedules", SCHEDULES_MAX, &mut reading.report);
    let task_nodes = list(
        object,
        "webhook_tasks",
        WEBHOOK_TASKS_MAX,
        &mut reading.report,
    );
    let outputs_of_tasks: Vec<String> = output_names
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let schedules: Vec<_> = schedule_nodes
        .iter()
        .filter_map(|node| read_schedule(node, &outputs_of_tasks, reading))
        .collect();
    let webhook_tasks: Vec<_> = task_nodes
        .iter()
        .filter_map(|node| read_task(node, &outputs_of_tasks, reading))
        .collect();
    let report = &mut reading.report;
    check_unique(named(&endpoint_nodes), "endpoint", report);
    check_unique(places_of(&drafts), "step", report);
    check_unique(output_names, "output", report);
    check_unique(named(&schedule_nodes), "schedule", report);
    check_unique(named(&task_nodes), "webhook task", report);
    let known = Known {
        upstream: graph::upstream_of_all(&drafts),
        memory: memory_names(&endpoint_nodes, &drafts),
        steps: &steps,
    };
    uses::check(&reading.uses, &known, report);
    check_responds(&endpoint_nodes, &drafts, report);
    FlowDocument {
        name: String::new(),
        title: None,
        description: None,
        endpoints,
        steps: drafts.into_iter().filter_map(|draft| draft.step).collect(),
        outputs,
        schedules,
        webhook_tasks,
        vars: IndexMap::new(),
        timeout_ms: FLOW_TIMEOUT_MS_DEFAULT,
        remote_url: None,
        remote_secret: None,
        inner_destinations: Arc::default(),
    }
}

/// The names of steps, and where they stand.
fn places_of(drafts: &[StepDraft]) -> impl Iterator<Item = (&str, String)> {
    drafts.iter().filter_map(|draft| {
        let name = draft.name.as_deref()?;
        Some((name, format!("{}/name", draft.place)))
    })
}

/// The entries of a list, at most so many; one more is refused with the number.
fn list<'v>(object: &Object<'v>, key: &str, max: usize, report: &mut Report) -> Vec<Node<'v>> {
    let Some(mut nodes) = object.get(key).and_then(|node| node.list(report)) else {
        return Vec::new();
    };
    if nodes.len() > max {
        let what = key.replace('_', " ");
        report
            .error_at(
                "too_many",
                &nodes[max].place,
                format!(
                    "a flow has at most {max} {what}; this is number {}",
                    max + 1
                ),
            )
            .hint("take some out, or split the flow");
        nodes.truncate(max);
    }
    nodes
}

/// Names as they are written, with their places.
fn named<'v>(nodes: &[Node<'v>]) -> Vec<(&'v str, String)> {
    nodes
        .iter()
        .filter_map(|node| {
            let name = node.value.get("name")?.as_str()?;
            Some((name, format!("{}/name", node.place)))
        })
        .collect()
}

/// Warns of answers that nobody waits for.
fn check_responds(endpoints: &[Node<'_>], steps: &[StepDraft], report: &mut Report) {
    let waits = |endpoint: &Node<'_>| {
        let mut modes = endpoint.value["modes_allowed"]
            .as_array()
            .into_iter()
            .flatten();
        endpoint.value["mode"] == "sync" || modes.any(|mode| mode == "sync")
    };
    if endpoints.iter().any(waits) {
        return;
    }
    let is_respond = |step: &&StepDraft| step.kind.is_some_and(|kind| kind.name == "respond");
    for step in steps.iter().filter(is_respond) {
        report
            .warning_at(
                "respond_without_sync",
                &step.place,
                "nobody waits for this answer: no endpoint of the flow has the mode `sync`",
            )
            .hint("give an endpoint \"mode\": \"sync\", or allow it among its `modes_allowed`");
    }
}

/// Memory variables that endpoints name, that `set` steps put there by `_statePut`, and that scripts save by a name
/// that stands in their code.
fn memory_names(endpoints: &[Node<'_>], steps: &[StepDraft]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for endpoint in endpoints {
        for key in ["header_memory", "body_memory", "query_memory"] {
            if let Some(name) = endpoint.value.get(key).and_then(Value::as_str) {
                names.insert(name.to_owned());
            }
        }
    }
    for draft in steps {
        match draft.step.as_ref().map(|step| &step.kind) {
            Some(StepKind::Set(set)) => {
                if let Some(Value::Object(put)) = set.values.get("_statePut") {
                    names.extend(put.keys().cloned());
                }
            }
            Some(StepKind::Script(script)) => names.extend(saved_names(&script.code)),
            _ => {}
        }
    }
    names
}
