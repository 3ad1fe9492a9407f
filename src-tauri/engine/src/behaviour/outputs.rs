//! Webhook tasks that look at outputs: one message for each, by what became of the output's own step.

use serde_json::{Value, json};

use crate::testing::{Reply, Rig, start};
use crate::{Engine, StartJob};

/// `good` ends well, `bad` fails and is handled, `never` is skipped.
fn flow(event: &str, outputs: &[&str]) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "order_intake",
        "steps": [
            {"name": "a", "kind": "set", "values": {"n": 1}},
            {"name": "b", "kind": "set", "values": {"n": "{{trigger.body.missing}}"}},
            {"name": "c", "kind": "set", "after": [{"step": "b", "on": ["success"]}], "values": {"n": 3}},
            {"name": "d", "kind": "set", "after": [{"step": "b", "on": ["error"]}], "values": {"n": 4}},
        ],
        "outputs": [
            {"name": "good", "step": "a"}, {"name": "bad", "step": "b"}, {"name": "never", "step": "c"},
        ],
        "webhook_tasks": [{
            "name": "Tell", "url": "https://tasks.example/tell", "event": event, "object": {"outputs": outputs},
            "body": "$outputName of job $jobId: $jobStatus",
        }],
    })
}

/// The bodies of the messages that a job of these outputs sends, sorted.
fn told(event: &str, outputs: &[&str], asked: Option<&[&str]>) -> Vec<String> {
    let rig = Rig::new(&flow(event, outputs)).answering(|_| Reply::json(200, "{}"));
    let asked = asked.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    rig.live(async |engine: Engine| {
        let job = StartJob {
            outputs: asked,
            ..start(Some(json!({})))
        };
        engine.start_job(job).await.expect("started");
        rig.rest().await;
    });
    let mut bodies: Vec<String> = rig
        .seen_at("/tell")
        .into_iter()
        .map(|seen| seen.body)
        .collect();
    bodies.sort();
    bodies
}

#[test]
fn each_output_is_told_by_its_own_step_and_with_the_status_of_the_job() {
    let every = ["good", "bad", "never"];
    assert_eq!(
        told("job_succeeded", &every, None),
        ["good of job 1: Complete"]
    );
    assert_eq!(
        told("job_failed", &every, None),
        ["bad of job 1: Complete", "never of job 1: Complete"]
    );
    assert_eq!(told("job_finished", &every, None).len(), 3);
}

#[test]
fn an_output_that_the_task_does_not_look_at_tells_nothing() {
    assert_eq!(told("job_failed", &["good"], None), Vec::<String>::new());
    assert_eq!(
        told("job_finished", &["bad"], None),
        ["bad of job 1: Complete"]
    );
}

#[test]
fn an_output_that_was_not_asked_for_fires_nothing() {
    let every = ["good", "bad", "never"];
    assert_eq!(
        told("job_finished", &every, Some(&["good"])),
        ["good of job 1: Complete"]
    );
    assert_eq!(
        told("job_failed", &every, Some(&["good"])),
        Vec::<String>::new()
    );
}
