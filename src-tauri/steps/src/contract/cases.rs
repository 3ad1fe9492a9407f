//! The kinds of the suite, and short forms for running one step.

use hookloom_engine::testing::{JobRow, Reply, Rig};
use hookloom_model::journal::ValueRef;
use serde_json::{Value, json};

use crate::Kinds;

/// A kind of step in the suite: a new kind is one more of these.
pub(super) struct Case {
    pub kind: &'static str,
    /// Ends with the exit code below when receivers answer 200 with [`ANSWER`].
    pub works: Value,
    /// How it ends then.
    pub exit_code: &'static str,
    /// Ends with `error` whatever receivers answer.
    pub fails: Value,
    /// Whether it waits for somebody, and so can time out.
    pub calls: bool,
}

/// An answer with which every kind that calls somebody can work.
pub(super) const ANSWER: &str = r#"{"ok": true, "choices": [{"message": {"content": "hello"}}]}"#;
/// A key as remote steps have one.
pub(super) const KEY: &str = "wsk_upsjOIYYLME2zLPaiDDe9BpXP2ZS8xnw";

pub(super) fn cases() -> Vec<Case> {
    vec![
        calling(
            "http",
            json!({"method": "POST", "url": "https://steps.example/it", "body": "{{requestBody.n}}"}),
            json!({"method": "POST", "url": "https://steps.example/it", "body": "{{requestBody.missing}}"}),
        ),
        computing(
            "set",
            json!({"values": {"n": "{{requestBody.n}}", "list": [1, "{{requestBody.n}}"]}}),
            "success",
            json!({"values": {"n": "{{requestBody.missing}}"}}),
        ),
        computing(
            "condition",
            json!({"expression": "{{requestBody.n == 5}}"}),
            "true",
            json!({"expression": "{{requestBody.missing}}"}),
        ),
        computing(
            "switch",
            json!({"expression": "{{requestBody.n}}", "cases": {"five": 5}}),
            "five",
            json!({"expression": 5, "cases": {"five": "{{requestBody.missing}}"}}),
        ),
        computing(
            "fail",
            json!({"message": "n = {{requestBody.n}}", "exit_code": "stopped"}),
            "stopped",
            json!({"message": "{{requestBody.missing}}", "exit_code": "stopped"}),
        ),
        computing(
            "delay",
            json!({"for_ms": "{{requestBody.n - 5}}"}),
            "success",
            json!({"for_ms": "{{requestBody.missing}}"}),
        ),
        computing(
            "respond",
            json!({"status": 201, "body": {"n": "{{requestBody.n}}"}}),
            "success",
            json!({"body": "{{requestBody.missing}}"}),
        ),
        calling(
            "remote",
            json!({"url": "https://steps.example/it", "secret": "signing", "data": "{{requestBody.n}}"}),
            json!({"url": "https://steps.example/it", "secret": "signing", "data": "{{requestBody.missing}}"}),
        ),
        calling(
            "llm",
            json!({"url": "https://steps.example/v1", "model": "m", "prompt": "say {{requestBody.n}}"}),
            json!({"url": "https://steps.example/v1", "model": "m", "prompt": "say {{requestBody.missing}}"}),
        ),
    ]
}

fn computing(kind: &'static str, works: Value, exit_code: &'static str, fails: Value) -> Case {
    Case {
        kind,
        works,
        exit_code,
        fails,
        calls: false,
    }
}

fn calling(kind: &'static str, works: Value, fails: Value) -> Case {
    Case {
        calls: true,
        ..computing(kind, works, "success", fails)
    }
}

/// A flow of one step.
pub(super) fn flow(kind: &str, keys: &Value, timeout_ms: i64) -> Value {
    let mut step = json!({"name": "it", "kind": kind, "timeout_ms": timeout_ms});
    if let (Some(step), Value::Object(keys)) = (step.as_object_mut(), keys.clone()) {
        step.extend(keys);
    }
    json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": [step],
    })
}

pub(super) fn rig(kind: &str, keys: &Value) -> Rig {
    rig_of(&flow(kind, keys, 30_000))
}

/// A rig with the real kinds, whose receivers answer so that every kind works.
pub(super) fn rig_of(document: &Value) -> Rig {
    let rig = Rig::new(document)
        .with_kinds(Kinds)
        .answering(|_| Reply::json(200, ANSWER));
    rig.secrets.set("signing", KEY);
    rig
}

pub(super) fn run(rig: &Rig) -> JobRow {
    rig.run(Some(json!({"n": 5})))
}

pub(super) fn data(job: &JobRow) -> Value {
    match job.state().steps["it"].data.clone() {
        Some(ValueRef::Inline(data)) => data,
        other => panic!("the data is {other:?}"),
    }
}
