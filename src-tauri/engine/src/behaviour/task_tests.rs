//! Tests of webhook tasks: one real message that nobody records.

use hookloom_model::FlowId;
use hookloom_model::document::{self, FlowDocument};
use serde_json::{Map, Value, json};

use crate::testing::{Reply, Rig};
use crate::{Engine, TaskTest, TaskTestError, TaskTested};

fn flow() -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "order_intake",
        "steps": [{"name": "ship", "kind": "set", "values": {"n": 1}}],
        "outputs": [{"name": "summary", "step": "ship"}],
        "webhook_tasks": [{
            "name": "Tell", "url": "https://tasks.example/{{secrets.path_key}}/{{vars.shop}}",
            "event": "job_failed", "object": {"outputs": ["summary"]},
            "headers": {"Content-Type": "application/json"},
            "body": "{\"job\": $jobId, \"of\": \"$outputName\", \"to\": {{steps.ship.data.customer.email}}, \"total\": {{steps.ship.data.total}}}",
            "secret": "signing", "schedule_ms": [1000],
        }],
        "vars": {"shop": "north"},
    })
}

fn tested(rig: &Rig, task: &str, sample: Value) -> Result<TaskTested, TaskTestError> {
    let document: FlowDocument = document::from_value(flow())
        .into_document()
        .expect("it is sound");
    let sample = match sample {
        Value::Object(sample) => sample,
        _ => Map::new(),
    };
    let test = TaskTest {
        flow_id: FlowId(1),
        document,
        task: task.to_owned(),
        sample,
        output: None,
    };
    let mut result = None;
    rig.live(async |engine: Engine| result = Some(engine.test_task(test.clone()).await));
    result.expect("it ran")
}

fn rig() -> Rig {
    let rig = Rig::new(&flow());
    rig.secrets.set("signing", "mySecret-canary");
    rig.secrets.set("path_key", "path-canary");
    rig
}

#[test]
fn a_test_sends_one_signed_and_marked_message_with_samples_and_stores_nothing() {
    let rig = rig();
    let sample = json!({"steps": {"ship": {"data": {"total": 12}}}});
    let tested = tested(&rig, "Tell", sample).expect("it was sent");
    let seen = rig.seen.lock();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].url, "https://tasks.example/path-canary/north");
    assert_eq!(
        seen[0].body,
        r#"{"job": 0, "of": "summary", "to": "sample", "total": 12}"#
    );
    assert_eq!(seen[0].header("x-hookloom-test"), Some("true"));
    assert!(seen[0].header("x-webhook-signature").is_some());
    assert!(tested.delivered);
    assert_eq!(tested.result.http_status, Some(200));
    assert!(!format!("{tested:?}").contains("canary"), "{tested:?}");
    assert!(rig.disk.jobs().is_empty() && rig.disk.deliveries().is_empty());
}

#[test]
fn a_test_that_fails_says_why_and_is_not_tried_again() {
    let refused = rig().answering(|_| Reply::json(401, r#"{"why": "who are you"}"#));
    let refused_test = tested(&refused, "Tell", Value::Null).expect("it was sent");
    assert!(!refused_test.delivered);
    assert_eq!(refused_test.result.body, r#"{"why": "who are you"}"#);
    let error = refused_test.result.error.expect("a reason");
    assert!(error.message.contains("401"), "{}", error.message);
    assert_eq!(refused.seen.lock().len(), 1);

    let keyless = Rig::new(&flow());
    keyless.secrets.set("path_key", "path-canary");
    let unsigned = tested(&keyless, "Tell", Value::Null).expect("the test ran");
    let error = unsigned.result.error.expect("a reason");
    assert!(error.message.contains("signing"), "{}", error.message);
    assert!(unsigned.sent.is_none() && keyless.seen.lock().is_empty());
}

#[test]
fn an_unknown_task_is_named() {
    let error = tested(&rig(), "Other", Value::Null).expect_err("there is none");
    assert!(error.to_string().contains("`Other`"), "{error}");
}
