//! Looking at what happened, against the real program: a test that is sent and signed, an edited request, statistics,
//! an alert, a search that finds no secret, a public URL.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, TestReceiver, TestSender, Workspace, answer, await_json};

const SECRET: &str = "github-secret-0123456789";

async fn call(app: &TestApp, method: Method, path: &str, body: Option<&Value>) -> (u16, String) {
    let url = format!("{}/api/v1{path}", app.control());
    let bearer = format!("Bearer {}", app.token());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
    let answer = TestSender::new().send(method, &url, &headers, body).await;
    (answer.status, answer.body.clone())
}

async fn get(app: &TestApp, path: &str) -> Value {
    let (status, body) = call(app, Method::GET, path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

async fn post(app: &TestApp, path: &str, body: Value) -> Value {
    let (status, answer) = call(app, Method::POST, path, Some(&body)).await;
    assert_eq!(status, 200, "{path}: {answer}");
    assert!(!answer.contains(SECRET), "{path}: {answer}");
    serde_json::from_str(&answer).expect("JSON")
}

/// A flow with an endpoint that wants what GitHub sends.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("github_key", SECRET);
    workspace.publish(&json!({
        "format": "hookloom.flow/1", "name": "pushes",
        "endpoints": [{"name": "github", "body_memory": "requestBody",
            "auth": {"kind": "signature", "scheme": "github", "secret": "github_key"}}],
        "steps": [{"name": "note", "kind": "set", "values": {"who": "{{requestBody.pusher}}"}}],
    }));
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_sent_signed_and_an_edited_request_again_and_both_are_counted_and_found() {
    let workspace = workspace();
    let app = workspace.serve();
    let body = workspace.file(
        "body.json",
        &json!({"pusher": "ada", "note": SECRET}).to_string(),
    );
    let send = ["endpoint", "send", "pushes", "github", "--body", &body];
    let sent = workspace.json(&send);
    assert_eq!(sent["response"]["status"], 200, "{sent:#}");
    let first = sent["received_request_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let job = sent["job_id"].as_i64().expect("a job");
    assert!(!sent.to_string().contains(SECRET), "{sent:#}");

    let mut unsigned = send.to_vec();
    unsigned.push("--unsigned");
    assert_eq!(workspace.run(&unsigned).code, 1, "nobody signed it");

    // Edited, so the signature that it came with fits no more.
    let edited = json!({"flow": "pushes", "endpoint": "github", "request_id": first, "body": "{\"pusher\": \"grace\"}"});
    let again = post(&app, "/endpoints/send", edited).await;
    assert_eq!(again["response"]["status"], 200, "{again:#}");
    let second = again["job_id"].as_i64().expect("a job");
    assert_ne!(second, job);
    for id in [job, second] {
        await_json(&workspace, &["job", "show", &id.to_string()], |it| {
            it["status"] == "complete"
        });
    }

    let rejected = ["request", "list", "--verdict", "rejected"];
    await_json(&workspace, &rejected, |it| {
        it.as_array().is_some_and(|it| it.len() == 1)
    });
    let counted = await_json(&workspace, &["stats", "--flow", "pushes"], |it| {
        it["flows"][0]["jobs"]["complete"] == 2 && it["endpoints"][0]["requests"]["rejected"] == 1
    });
    assert_eq!(
        counted["endpoints"][0]["requests"],
        json!({"accepted": 2, "rejected": 1, "duplicate": 0, "held": 0})
    );
    assert_eq!(counted["flows"][0]["success_share"], 1.0);
    let sum: u64 = counted["buckets"]
        .as_array()
        .expect("buckets")
        .iter()
        .filter_map(|bucket| bucket["requests"]["accepted"].as_u64())
        .sum();
    assert_eq!(sum, 2);

    let found = |text: &str| -> usize {
        let listed = workspace.json(&["request", "list", "--search", text]);
        assert!(!listed.to_string().contains(SECRET));
        listed.as_array().map_or(0, Vec::len)
    };
    // What nobody signed is not kept.
    assert_eq!((found("PUSHER"), found("grace")), (2, 1));
    assert_eq!(
        (found(SECRET), found(&SECRET[..12])),
        (0, 0),
        "a secret is not found by its parts"
    );
    let (status, raw) = call(&app, Method::GET, &format!("/requests/{first}/raw"), None).await;
    assert_eq!(status, 200);
    assert!(raw.contains("ada") && !raw.contains(SECRET), "{raw}");
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_are_the_same_after_a_restart() {
    let workspace = workspace();
    let app = workspace.serve();
    let body = workspace.file("body.json", "{\"pusher\": \"ada\"}");
    for _ in 0..3 {
        workspace.json(&["endpoint", "send", "pushes", "github", "--body", &body]);
    }
    let is_counted = |it: &Value| it["flows"][0]["jobs"]["complete"] == 3;
    await_json(&workspace, &["stats"], is_counted);
    drop(app);
    let _app = workspace.serve();
    workspace.json(&["endpoint", "send", "pushes", "github", "--body", &body]);
    let counted = await_json(&workspace, &["stats"], |it| {
        it["flows"][0]["jobs"]["complete"] == 4
    });
    assert_eq!(
        counted["endpoints"][0]["requests"]["accepted"], 4,
        "{counted:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_begins_one_alert_that_is_seen_and_ends_with_its_rule() {
    let workspace = workspace();
    let app = workspace.serve();
    let set = [
        "alert",
        "rule",
        "set",
        "Quiet",
        "silence",
        "--flow",
        "pushes",
        "--minutes",
        "1",
    ];
    workspace.run(&set).ok();
    let alerts = await_json(&workspace, &["alert", "list"], |it| {
        it.as_array().is_some_and(|it| !it.is_empty())
    });
    assert_eq!(
        alerts[0]["message"],
        "No request came to the flow `pushes` in the last minute."
    );
    assert_eq!(
        (&alerts[0]["seen"], &alerts[0]["ended_at"]),
        (&json!(false), &json!(null))
    );
    let id = alerts[0]["id"].as_i64().expect("a number");
    let (status, _) = call(
        &app,
        Method::POST,
        &format!("/alerts/{id}/seen"),
        Some(&json!({})),
    )
    .await;
    assert_eq!(status, 204);
    workspace.run(&["alert", "rule", "delete", "Quiet"]).ok();
    let alerts = await_json(&workspace, &["alert", "list"], |it| {
        !it[0]["ended_at"].is_null()
    });
    assert_eq!(alerts.as_array().map(Vec::len), Some(1));
    assert_eq!(alerts[0]["seen"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_url_is_checked_by_a_request_that_arrives_or_does_not() {
    let workspace = workspace();
    let app = workspace.serve();
    let other = TestReceiver::start().await;
    other.script(|_| answer(200, "{}"));
    for (url, status) in [
        (app.receiver().to_owned(), "reached"),
        (other.url().to_owned(), "other_answered"),
        ("http://127.0.0.1:9".to_owned(), "not_reached"),
    ] {
        workspace.run(&["setting", "set", "public_url", &url]).ok();
        let checked = post(&app, "/public_url/check", json!({})).await;
        assert_eq!(checked["status"], status, "{checked:#}");
    }
    assert_eq!(
        get(&app, "/requests").await["items"],
        json!([]),
        "none of it is on record"
    );
    let guessed = format!("{}/.well-known/hookloom-check/guess", app.receiver());
    let guessed = TestSender::new()
        .send(Method::GET, &guessed, &[], Vec::new())
        .await;
    assert_eq!(guessed.status, 404);
}
