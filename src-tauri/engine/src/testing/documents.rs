//! Flow documents for tests, in few words.

use hookloom_model::document::{
    Backoff, Edge, FlowDocument, HttpStep, Join, Output, Retry, SetStep, StatusRanges, Step,
    StepKind,
};
use indexmap::IndexMap;

/// A document with these steps and nothing else.
pub fn document(steps: Vec<Step>) -> FlowDocument {
    FlowDocument {
        name: "tested".to_owned(),
        title: None,
        description: None,
        endpoints: Vec::new(),
        steps,
        outputs: Vec::new(),
        schedules: Vec::new(),
        webhook_tasks: Vec::new(),
        vars: IndexMap::new(),
        timeout_ms: 180_000,
        remote_url: None,
        remote_secret: None,
        inner_destinations: Default::default(),
    }
}

/// A step that computes nothing, after these steps with these exit codes.
pub fn set(name: &str, after: &[(&str, &[&str])]) -> Step {
    let edges = after.iter().map(|(step, on)| Edge {
        step: (*step).to_owned(),
        on: on.iter().map(|code| (*code).to_owned()).collect(),
    });
    Step {
        name: name.to_owned(),
        after: edges.collect(),
        join: Join::All,
        timeout_ms: 30_000,
        retry: Retry::default(),
        kind: StepKind::Set(SetStep {
            values: IndexMap::new(),
        }),
    }
}

/// The same, calling a URL.
pub fn http(name: &str, after: &[(&str, &[&str])]) -> Step {
    let kind = HttpStep {
        method: "POST".to_owned(),
        url: format!("https://receiver.example/{name}"),
        query: IndexMap::new(),
        headers: IndexMap::new(),
        body: None,
        validate_ssl: true,
        success_statuses: StatusRanges::default(),
        follow_redirects: false,
    };
    Step {
        kind: StepKind::Http(kind),
        ..set(name, after)
    }
}

/// A retry with a fixed wait of a second.
pub fn retry(attempts_max: u32) -> Retry {
    Retry {
        attempts_max,
        backoff: Backoff::Fixed,
        delay_ms: 1_000,
    }
}

/// An output.
pub fn output(name: &str, step: &str) -> Output {
    Output {
        name: name.to_owned(),
        step: step.to_owned(),
    }
}
