//! What is special about `remote`: the message, its signatures, and what the answer decides.

use hookloom_engine::testing::{JobRow, Reply, Rig};
use hookloom_model::journal::Event;
use hookloom_model::{JobStatus, StepStatus};
use hookloom_signature::{Scheme, TOLERANCE_MS, VerifyInput, remote_step, verify};
use serde_json::{Value, json};

use super::cases::{KEY, data, flow, rig_of, run};

/// A first step, then a remote one with an edge for each exit code.
fn document() -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "my_flow",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "remote_url": "https://steps.example/hook", "remote_secret": "signing",
        "steps": [
            {"name": "step_a", "kind": "set", "values": {"b": 1.0, "z": {"10": 2, "9": 1e21}}},
            {"name": "it", "kind": "remote", "after": [{"step": "step_a"}], "data": {"n": "{{requestBody.n}}"}},
            {"name": "on_approved", "kind": "set", "values": {}, "after": [{"step": "it", "on": ["approved"]}]},
            {"name": "on_success", "kind": "set", "values": {}, "after": [{"step": "it"}]},
            {"name": "on_error", "kind": "set", "values": {}, "after": [{"step": "it", "on": ["error"]}]},
        ],
    })
}

fn message(rig: &Rig, at: usize) -> Value {
    serde_json::from_str(&rig.seen.lock()[at].body).expect("a message is JSON")
}

fn execution_of(job: &JobRow, name: &str) -> String {
    let events = job.events().into_iter();
    let mut found = events.filter_map(|event| match event {
        Event::StepStarted {
            step, execution, ..
        } if step == name => Some(execution.to_string()),
        _ => None,
    });
    found.next().expect("the step began")
}

#[test]
fn the_message_says_what_is_asked_and_what_led_to_it() {
    let rig = rig_of(&document());
    let job = run(&rig);
    let message = message(&rig, 0);
    let request_id = job.stored.request_id.to_string();
    assert_eq!(
        message["payload"],
        json!({
            "data": {"n": 5},
            "context": {
                "flow_id": request_id,
                "flow_name": "my_flow",
                "step_name": "it",
                "request_id": request_id,
                "triggered_by": {"step_name": "step_a", "step_execution_id": execution_of(&job, "step_a")},
                "dependencies_context": {
                    "step_a": {"data": {"b": 1, "z": {"10": 2, "9": 1e21}}, "exit_code": "success"},
                },
            },
        })
    );
    let keys: Vec<&String> = message.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["payload", "signature"]);
}

#[test]
fn the_message_is_signed_in_both_ways() {
    let rig = rig_of(&document());
    run(&rig);
    let sent = message(&rig, 0);
    let signature = sent["signature"].as_str().expect("a signature");
    assert_eq!(
        remote_step::verify(&sent["payload"], KEY, signature),
        Ok(())
    );
    let seen = rig.seen.lock();
    assert!(
        seen[0].body.contains(r#""z":{"9":1e+21,"10":2}"#),
        "as JavaScript writes it: {}",
        seen[0].body
    );
    let headers: Vec<(&str, &str)> = seen[0]
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let scheme = Scheme::named("standard-webhooks").expect("a scheme");
    let verified = verify(
        scheme,
        &VerifyInput {
            secret: &remote_step::standard_webhooks_secret(KEY),
            method: "POST",
            url: &seen[0].url,
            headers: &headers,
            body: seen[0].body.as_bytes(),
            now_ms: seen[0].at_ms,
            tolerance_ms: TOLERANCE_MS,
        },
    );
    assert_eq!(verified, Ok(()));
    assert_eq!(
        seen[0].header("webhook-id"),
        seen[0].header("idempotency-key")
    );
    assert_eq!(seen[0].url, "https://steps.example/hook");
}

#[test]
fn a_first_step_was_triggered_by_none_and_without_data_there_is_none() {
    let keys = json!({"url": "https://steps.example/own", "secret": "signing"});
    let rig = rig_of(&flow("remote", &keys, 30_000));
    run(&rig);
    let payload = message(&rig, 0)["payload"].clone();
    assert!(payload.get("data").is_none());
    assert_eq!(payload["context"]["triggered_by"], Value::Null);
    assert_eq!(payload["context"]["dependencies_context"], json!({}));
}

#[test]
fn a_join_tells_of_every_dependency_that_ended_also_of_a_skipped_one() {
    let mut document = document();
    document["steps"] = json!([
        {"name": "choice", "kind": "condition", "expression": "{{requestBody.n == 5}}"},
        {"name": "yes", "kind": "set", "values": {"x": 1}, "after": [{"step": "choice", "on": ["true"]}]},
        {"name": "no", "kind": "set", "values": {}, "after": [{"step": "choice", "on": ["false"]}]},
        {"name": "later", "kind": "delay", "for_ms": 60_000},
        {"name": "it", "kind": "remote", "join": "any", "after": [{"step": "yes"}, {"step": "no"}, {"step": "later"}]},
    ]);
    let rig = rig_of(&document);
    run(&rig);
    let context = message(&rig, 0)["payload"]["context"].clone();
    assert_eq!(
        context["dependencies_context"],
        json!({"yes": {"data": {"x": 1}, "exit_code": "success"}, "no": {"data": null, "exit_code": "skipped"}}),
        "what has not ended yet is not told of"
    );
    assert_eq!(context["triggered_by"]["step_name"], "yes");
}

#[test]
fn an_all_join_was_triggered_by_the_last_that_ended() {
    let mut document = document();
    document["steps"] = json!([
        {"name": "slow", "kind": "delay", "for_ms": 60_000},
        {"name": "fast", "kind": "set", "values": {}},
        {"name": "it", "kind": "remote", "after": [{"step": "slow"}, {"step": "fast"}]},
    ]);
    let rig = rig_of(&document);
    run(&rig);
    let context = message(&rig, 0)["payload"]["context"].clone();
    assert_eq!(context["triggered_by"]["step_name"], "slow");
}

/// The exit code, the data, the error's code, and how often it was called.
fn answered(reply: Reply) -> (String, Value, Option<String>, usize) {
    let rig = rig_of(&document()).answering(move |_| reply.clone());
    let job = run(&rig);
    let step = job.state().steps["it"].clone();
    let calls = rig.seen.lock().len();
    (
        step.exit_code.unwrap_or_default(),
        data(&job),
        step.error.map(|error| error.code),
        calls,
    )
}

/// Replies, and the exit code, data and error code that they lead to; none is tried again.
fn check(cases: Vec<(Reply, &str, Value, Option<&str>)>) {
    for (reply, exit_code, expected, error) in cases {
        let shown = format!("{reply:?}");
        let error = error.map(str::to_owned);
        assert_eq!(
            answered(reply),
            (exit_code.to_owned(), expected, error, 1),
            "{shown}"
        );
    }
}

#[test]
fn the_answer_says_how_the_step_ended() {
    let html = |body: &str| {
        let mut reply = Reply::json(200, body);
        reply.answer = Ok((
            200,
            vec![("content-type".to_owned(), "text/html".to_owned())],
        ));
        reply
    };
    check(vec![
        (
            Reply::json(200, r#"{"exit_code": "success"}"#),
            "success",
            json!(null),
            None,
        ),
        (
            Reply::json(201, r#"{"exit_code": "approved", "data": {"a": 1}}"#),
            "approved",
            json!({"a": 1}),
            None,
        ),
        (
            Reply::json(200, r#"{"data": 5}"#),
            "success",
            json!(5),
            None,
        ),
        (Reply::json(200, "{}"), "success", json!(null), None),
        (Reply::json(204, ""), "success", json!(null), None),
        (html(" \r\n"), "success", json!(null), None),
        (
            html(r#"{"data": "whatever its type"}"#),
            "success",
            json!("whatever its type"),
            None,
        ),
    ]);
}

#[test]
fn an_answer_that_says_error_or_nothing_sensible_is_an_error() {
    check(vec![
        (
            Reply::json(200, r#"{"exit_code": "error", "data": {"why": 1}}"#),
            "error",
            json!({"why": 1}),
            Some("remote_error"),
        ),
        (
            Reply::json(200, r#"{"exit_code": 5}"#),
            "error",
            json!(null),
            Some("remote_answer"),
        ),
        (
            Reply::json(200, r#"{"exit_code": "*", "data": 1}"#),
            "error",
            json!(1),
            Some("remote_answer"),
        ),
        (
            Reply::json(200, r#"{"exit_code": "skipped"}"#),
            "error",
            json!(null),
            Some("remote_answer"),
        ),
    ]);
    for body in ["[]", "5", "null", "\"text\"", "<html>", "{"] {
        let (exit_code, _, error, calls) = answered(Reply::json(200, body));
        assert_eq!(
            (exit_code.as_str(), error.as_deref(), calls),
            ("error", Some("remote_answer"), 1),
            "{body}"
        );
    }
}

#[test]
fn every_status_but_2xx_is_tried_three_times_with_the_same_id() {
    for status in [301, 302, 400, 401, 404, 409, 410, 422, 500, 503] {
        let (exit_code, _, error, calls) = answered(Reply::json(status, "{}"));
        assert_eq!(
            (exit_code.as_str(), error.as_deref(), calls),
            ("error", Some("http_status"), 3),
            "{status}"
        );
    }
    let rig = rig_of(&document()).answering(|_| Reply::json(500, "{}"));
    run(&rig);
    let seen = rig.seen.lock();
    assert_eq!(seen[0].header("webhook-id"), seen[2].header("webhook-id"));
    assert_eq!(seen[0].body, seen[2].body, "the same message");
    assert_ne!(
        seen[0].header("webhook-signature"),
        seen[2].header("webhook-signature"),
        "at another time"
    );
}

#[test]
fn the_exit_code_of_the_answer_chooses_the_edge() {
    for (answer, ran) in [
        (r#"{"exit_code": "approved"}"#, "on_approved"),
        ("", "on_success"),
        (r#"{"exit_code": "error"}"#, "on_error"),
        (r#"{"exit_code": "nobody waits for this"}"#, ""),
    ] {
        let rig = rig_of(&document()).answering(move |_| Reply::json(200, answer));
        let job = run(&rig);
        assert_eq!(job.status, JobStatus::Complete, "{answer}");
        let state = job.state();
        let steps = state.steps.iter();
        let ran_steps: Vec<&str> = steps
            .filter(|(name, step)| name.starts_with("on_") && step.status == StepStatus::Complete)
            .map(|(name, _)| name.as_str())
            .collect();
        let expected: Vec<&str> = Some(ran)
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(ran_steps, expected, "{answer}");
    }
}

#[test]
fn the_key_is_nowhere_in_what_is_kept() {
    let mut document = document();
    document["steps"][1]["data"] = json!({"leak": "{{secrets.signing}}"});
    let rig = rig_of(&document)
        .answering(|seen| Reply::json(200, &json!({"data": seen.body}).to_string()));
    let job = run(&rig);
    assert!(
        rig.seen.lock()[0].body.contains(KEY),
        "a step may send a secret"
    );
    assert!(!job.text().contains(KEY), "and nobody keeps it");
}
