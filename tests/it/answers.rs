//! Callers that wait for what a flow answers: by a step, by the job's end, by a status URL.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestReceiver, TestSender, Workspace};

const KEY: &str = "intake-key-0123456789";

/// A flow whose callers wait.
fn asked(name: &str, steps: Value) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": name,
        "endpoints": [{
            "name": format!("{name}_in"), "mode": "sync", "body_memory": "order",
            "auth": {"kind": "shared_key", "secret": "key"}
        }],
        "steps": steps,
        "outputs": [{"name": "doubled", "step": "double"}]
    })
}

fn double() -> Value {
    json!({"name": "double", "kind": "set", "values": {"total": "{{order.total * 2}}"}})
}

fn respond() -> Value {
    json!({
        "name": "reply", "kind": "respond", "after": [{"step": "double"}], "status": 201,
        "headers": {"Location": "/orders/{{order.total}}", "Content-Type": "application/json"},
        "body": "{\"total\": {{steps.double.data.total}}}"
    })
}

async fn ask(app: &TestApp, flow: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    TestSender::new()
        .hook_with(app, flow, KEY, body, headers)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_gets_what_the_flow_responds_or_how_it_ended() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&asked("replies", json!([double(), respond()])));
    workspace.publish(&asked("ends", json!([double()])));
    let app = workspace.serve();

    let key = [("idempotency-key", "order-1")];
    let replied = ask(&app, "replies", &key, &json!({"total": 21})).await;
    assert_eq!(
        (replied.status, replied.body.as_str()),
        (201, "{\"total\": 42}")
    );
    assert_eq!(replied.header("location"), "/orders/21");
    let again = ask(&app, "replies", &key, &json!({"total": 21})).await;
    assert_eq!((again.status, &again.body), (201, &replied.body));
    assert_eq!(again.header("location"), "/orders/21");
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.header("x-request-id"), replied.header("x-request-id"));

    let ended = ask(&app, "ends", &[], &json!({"total": 2})).await;
    let id = ended.header("x-request-id").to_owned();
    let job = ended.json()["job_id"].clone();
    assert_eq!(
        (ended.status, ended.body),
        (
            200,
            format!(
                "{{\"status\": \"complete\", \"job_id\": {job}, \"request_id\": \"{id}\", \"outputs\": {{\"doubled\":{{\"total\":4}}}}}}"
            )
        )
    );
    let failed = ask(&app, "ends", &[], &json!({"other": 1})).await;
    assert_eq!(failed.status, 502, "{failed:?}");
    assert_eq!(failed.json()["outputs"], json!({}));
    let shown = workspace.json(&["request", "show", failed.header("x-request-id")]);
    assert_eq!(shown["status"], 502, "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_waits_too_long_is_told_by_its_status_url_also_after_a_restart() {
    let workspace = Workspace::new();
    let slow = TestReceiver::start().await;
    workspace.set_secret("key", KEY);
    let mut document = asked(
        "slow",
        json!([
            double(),
            {"name": "call", "kind": "http", "after": [{"step": "double"}], "method": "POST",
             "url": format!("{}/work", slow.url()), "retry": {"attempts_max": 3, "delay_ms": 1500, "backoff": "fixed"}},
        ]),
    );
    document["endpoints"][0]["sync_timeout_ms"] = json!(200);
    slow.answer_with(503);
    workspace.publish(&document);
    let app = workspace.serve();
    let waiting = ask(&app, "slow", &[], &json!({"total": 1})).await;
    assert_eq!(waiting.status, 202, "{waiting:?}");
    let url = waiting.json()["status_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let sender = TestSender::new();
    let at = |app: &TestApp| format!("{}{url}", app.receiver());
    let still = sender.send(Method::GET, &at(&app), &[], Vec::new()).await;
    assert_eq!((still.status, still.body), (202, waiting.body));
    app.kill();
    slow.answer_with(200);

    let app = workspace.serve();
    for _ in 0..200 {
        let told = sender.send(Method::GET, &at(&app), &[], Vec::new()).await;
        if told.status == 200 {
            assert_eq!(told.json()["outputs"], json!({"doubled": {"total": 2}}));
            assert_eq!(told.json()["status"], "complete");
            return;
        }
        assert_eq!(told.status, 202, "{told:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the job does not end: {}", app.log());
}
