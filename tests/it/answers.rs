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

/// A flow of one endpoint that stores what comes.
fn kept(name: &str, endpoint: &str) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": name,
        "endpoints": [{
            "name": endpoint, "methods": ["PUT", "POST"], "path": "/in/orders/{orderId}",
            "auth": {"kind": "shared_key", "secret": "key", "header": "X-Shop-Key"},
            "response": {"status": 201, "headers": {"Content-Type": "application/json"},
                         "body": "{\"order\": {{trigger.path.orderId}}}"}
        }],
        "steps": [{"name": "keep", "kind": "set", "values": {"order": "{{trigger.path.orderId}}"}}],
        "outputs": [{"name": "kept", "step": "keep"}]
    })
}

async fn put(app: &TestApp, path: &str) -> Answer {
    let headers = [("x-shop-key", KEY)];
    let url = if path.starts_with("http") {
        path.to_owned()
    } else {
        format!("{}{path}", app.receiver())
    };
    TestSender::new()
        .send(Method::PUT, &url, &headers, b"{}".to_vec())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_reached_by_tokens_and_by_its_own_path_and_by_those_that_it_had() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&kept("shop", "orders"));
    let app = workspace.serve();
    let by_path = put(&app, "/in/orders/a%2F7").await;
    assert_eq!(
        (by_path.status, by_path.body.as_str()),
        (201, "{\"order\": \"a/7\"}")
    );

    let create = ["endpoint", "token", "create", "shop", "orders", "warehouse"];
    let made = workspace.json(&create);
    let url = made["url"].as_str().expect("a URL").to_owned();
    assert!(url.starts_with(app.receiver()), "{made}");
    let token = url.rsplit('/').next().expect("a token").to_owned();
    assert!(token.len() >= 22, "128 bits or more: {token}");
    workspace.run(&create).code_is(1);
    let by_token = put(&app, &url).await;
    assert_eq!(
        by_token.status, 200,
        "it has no path parameter: {by_token:?}"
    );
    let shown = workspace.json(&["request", "show", by_token.header("x-request-id")]);
    assert_eq!(
        (&shown["path"], &shown["token"]),
        (&json!("/hook/••••"), &json!("warehouse"))
    );
    let listed = workspace.json(&["endpoint", "token", "list"]);
    assert_eq!(listed[0]["name"], "warehouse");
    assert!(!listed.to_string().contains(&token), "{listed}");

    let mut renamed = kept("shop", "purchases");
    renamed["endpoints"][0]["path"] = json!("/in/purchases/{orderId}");
    workspace.publish(&renamed);
    for path in [
        &*url,
        "/in/purchases/7",
        "/in/orders/7",
        "/api/call/orders",
        "/api/call/purchases",
    ] {
        let status = put(&app, path).await.status;
        assert!(matches!(status, 200 | 201), "{path}: {status}");
    }
    let old = workspace.json(&["endpoint", "alias", "list", "shop"]);
    let gone = old
        .as_array()
        .expect("a list")
        .iter()
        .find(|alias| alias["path"] == "/in/orders/{orderId}")
        .expect("the old path");
    workspace
        .run(&["endpoint", "alias", "delete", &gone["id"].to_string()])
        .ok();
    assert_eq!(put(&app, "/in/orders/7").await.status, 404);
    let revoke = [
        "endpoint",
        "token",
        "revoke",
        "shop",
        "purchases",
        "warehouse",
    ];
    workspace.run(&revoke).ok();
    assert_eq!(put(&app, &url).await.status, 404);
    workspace.run(&revoke).code_is(2);
    assert!(!app.log().contains(&token), "no token is logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_flows_cannot_have_one_path_and_a_public_url_is_what_senders_are_told() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&kept("shop", "orders"));
    let file = workspace.file("other.json", &kept("other", "others").to_string());
    let refused = workspace.run(&["--json", "flow", "import", &file, "--publish"]);
    let error = refused.code_is(1).error().to_string();
    assert!(
        error.contains("orders") && error.contains("shop"),
        "{error}"
    );

    let app = workspace.serve();
    let set = [
        "setting",
        "set",
        "public_url",
        "https://hooks.shop.example/",
    ];
    assert_eq!(
        workspace.json(&set)["public_url"],
        "https://hooks.shop.example"
    );
    let made = workspace.json(&["endpoint", "token", "create", "shop", "orders", "a"]);
    let url = made["url"].as_str().expect("a URL");
    assert!(url.starts_with("https://hooks.shop.example/hook/"), "{url}");
    assert!(!url.contains(app.receiver()));
    workspace
        .run(&["setting", "set", "colour", "red"])
        .code_is(2);
    assert_eq!(
        workspace.json(&["setting", "unset", "public_url"])["public_url"],
        Value::Null
    );
}
