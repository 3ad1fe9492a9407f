//! Steps of a document: what all kinds share.

use super::kinds::{self, KINDS, Kind};
use super::names::{NameKind, read_name};
use super::reading::{Reading, Site};
use super::types::{
    Backoff, Edge, Join, LLM_TIMEOUT_MS_DEFAULT, REMOTE_ATTEMPTS_DEFAULT, Retry,
    STEP_TIMEOUT_MS_DEFAULT, Step,
};
use super::walk::{Node, Object};

pub(super) const KEYS: &[&str] = &["name", "kind", "after", "join", "timeout_ms", "retry"];
pub(super) const RETRY_KEYS: &[&str] = &["attempts_max", "backoff", "delay_ms"];

/// The longest timeout of one attempt: a day.
pub const STEP_TIMEOUT_MS_MAX: i64 = 24 * 60 * 60 * 1000;
/// The most attempts of one step.
pub const ATTEMPTS_MAX_MAX: i64 = 100;
/// The longest wait before the second attempt: a day.
pub const RETRY_DELAY_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// A step as far as it could be read: also one that this release cannot run has a place in the graph.
pub(super) struct StepDraft {
    pub(super) place: String,
    pub(super) name: Option<String>,
    pub(super) kind: Option<&'static Kind>,
    pub(super) edges: Vec<EdgeDraft>,
    pub(super) join: Join,
    /// The whole step, if it is sound and this release can run it.
    pub(super) step: Option<Step>,
}

/// An edge and where it stands.
pub(super) struct EdgeDraft {
    pub(super) place: String,
    pub(super) edge: Edge,
    /// Whether `on` was written.
    pub(super) says_on: bool,
}

/// Reads one step.
pub(super) fn read_step(node: &Node<'_>, reading: &mut Reading) -> Option<StepDraft> {
    let object = node.object(&mut reading.report)?;
    let report = &mut reading.report;
    let name = object
        .required("name", "every step has a name", report)
        .and_then(|node| read_name(&node, NameKind::Expression, "a step", report))
        .map(str::to_owned);
    let kind = read_kind(&object, reading);
    if let Some(kind) = kind {
        let known: Vec<&str> = KEYS.iter().chain(kind.keys).copied().collect();
        let what = format!("a step of the kind `{}`", kind.name);
        object.check_keys(&what, &known, kind.keys_later, &mut reading.report);
    }
    let edges = read_edges(&object, reading);
    let report = &mut reading.report;
    let join = match object
        .get("join")
        .and_then(|node| node.one_of(&["all", "any"], report))
    {
        Some("any") => Join::Any,
        _ => Join::All,
    };
    let timeout_ms = object
        .get("timeout_ms")
        .and_then(|node| node.whole(1, STEP_TIMEOUT_MS_MAX, " milliseconds", report))
        .unwrap_or(match kind {
            Some(kind) if kind.name == "llm" => LLM_TIMEOUT_MS_DEFAULT,
            _ => STEP_TIMEOUT_MS_DEFAULT,
        });
    let retry_default = retry_default(kind);
    let retry = match object.get("retry") {
        Some(node) => read_retry(&node, &retry_default, reading),
        None => None,
    };
    let retry = retry.unwrap_or(retry_default);
    let site = Site::Step(name.clone());
    let own = match kind {
        Some(Kind {
            read: Some(read), ..
        }) => read(&object, &site, reading),
        Some(kind) => {
            let what = format!("a step of the kind `{}`", kind.name);
            reading
                .report
                .not_available(&object.place_of("kind"), &what);
            None
        }
        None => None,
    };
    let step = name.clone().zip(own).map(|(name, kind)| Step {
        name,
        after: edges.iter().map(|draft| draft.edge.clone()).collect(),
        join,
        timeout_ms,
        retry,
        kind,
    });
    Some(StepDraft {
        place: node.place.clone(),
        name,
        kind,
        edges,
        join,
        step,
    })
}

fn retry_default(kind: Option<&Kind>) -> Retry {
    Retry {
        attempts_max: match kind {
            Some(kind) if kind.name == "remote" => REMOTE_ATTEMPTS_DEFAULT,
            _ => Retry::default().attempts_max,
        },
        ..Retry::default()
    }
}

fn read_kind(object: &Object<'_>, reading: &mut Reading) -> Option<&'static Kind> {
    let report = &mut reading.report;
    let node = object.required("kind", "it says what the step does", report)?;
    let names: Vec<&'static str> = KINDS.iter().map(|kind| kind.name).collect();
    kinds::kind(node.one_of(&names, report)?)
}

fn read_edges(object: &Object<'_>, reading: &mut Reading) -> Vec<EdgeDraft> {
    let report = &mut reading.report;
    let nodes = object.get("after").and_then(|node| node.list(report));
    let mut edges: Vec<EdgeDraft> = Vec::new();
    for node in nodes.unwrap_or_default() {
        let Some(edge) = read_edge(&node, reading) else {
            continue;
        };
        if edges.iter().any(|known| known.edge.step == edge.edge.step) {
            reading
                .report
                .error(
                    "duplicate_edge",
                    &node,
                    format!("there is an edge from `{}` already", edge.edge.step),
                )
                .hint("write both exit codes into one `on`");
            continue;
        }
        edges.push(edge);
    }
    edges
}

fn read_edge(node: &Node<'_>, reading: &mut Reading) -> Option<EdgeDraft> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("an entry of `after`", &["step", "on"], &[], report);
    let step = object
        .required("step", "an edge comes from a step", report)
        .and_then(|node| node.text(report));
    let on = match object.get("on") {
        None => vec!["success".to_owned()],
        Some(node) => {
            let codes = node.list(report)?;
            if codes.is_empty() {
                report
                    .error(
                        "empty_on",
                        &node,
                        "an edge that waits for no exit code is never taken",
                    )
                    .hint("leave `on` out for success, or write [\"*\"] for every exit code");
                return None;
            }
            let codes: Vec<String> = codes
                .iter()
                .filter_map(|code| code.text(report))
                .map(str::to_owned)
                .collect();
            if codes.len() > 1 && codes.iter().any(|code| code == "*") {
                report.warning_at(
                    "needless_exit_code",
                    &node.place,
                    "`*` is every exit code; the others beside it mean nothing",
                );
            }
            codes
        }
    };
    Some(EdgeDraft {
        place: node.place.clone(),
        edge: Edge {
            step: step?.to_owned(),
            on,
        },
        says_on: object.fields.contains_key("on"),
    })
}

fn read_retry(node: &Node<'_>, default: &Retry, reading: &mut Reading) -> Option<Retry> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("`retry`", RETRY_KEYS, &[], report);
    let attempts_max = object
        .get("attempts_max")
        .and_then(|node| node.whole(1, ATTEMPTS_MAX_MAX, "", report))
        .and_then(|attempts| u32::try_from(attempts).ok());
    let backoff = object
        .get("backoff")
        .and_then(|node| node.one_of(&["fixed", "exponential"], report))
        .map(|name| match name {
            "fixed" => Backoff::Fixed,
            _ => Backoff::Exponential,
        });
    let delay_ms = object
        .get("delay_ms")
        .and_then(|node| node.whole(1, RETRY_DELAY_MS_MAX, " milliseconds", report));
    Some(Retry {
        attempts_max: attempts_max.unwrap_or(default.attempts_max),
        backoff: backoff.unwrap_or(default.backoff),
        delay_ms: delay_ms.unwrap_or(default.delay_ms),
    })
}
