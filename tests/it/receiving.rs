//! What callers get, and what is recorded of them.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, TestApp, TestSender, Workspace, await_json, hook_url, intake};

const KEY: &str = "intake-key-0123456789";

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let mut document = intake("intake");
    document["endpoints"][0]["limits"] = json!({"body_bytes_max": 4096});
    workspace.publish(&document);
    workspace
}

async fn post(app: &TestApp, key: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let url = hook_url(app, "intake", key);
    TestSender::new()
        .send(Method::POST, &url, &all, body.as_bytes().to_vec())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_callers_get_the_exact_answers_and_are_listed_with_their_reasons() {
    let workspace = workspace();
    let app = workspace.serve();
    let sender = TestSender::new();
    let wrong = post(&app, "wrong-key", &[], "{}").await;
    assert_eq!(
        (wrong.status, wrong.body.as_str()),
        (401, r#"{"error": "Invalid shared key"}"#)
    );
    let broken = post(&app, KEY, &[], "{").await;
    assert_eq!(
        (broken.status, broken.body.as_str()),
        (400, r#"{"error": "Invalid request format"}"#)
    );
    let large = post(&app, KEY, &[], &format!("\"{}\"", "x".repeat(200_000))).await;
    assert_eq!(
        (large.status, large.body.as_str()),
        (413, r#"{"error": "Request too large"}"#)
    );
    let url = hook_url(&app, "intake", KEY);
    let method = sender.send(Method::PUT, &url, &[], Vec::new()).await;
    assert_eq!(
        (method.status, method.body.as_str()),
        (405, r#"{"error": "Method not allowed"}"#)
    );
    assert_eq!(method.header("allow"), "POST");
    for path in [
        "/",
        "/api/webhook/local/other",
        "/api/v1/flows",
        "/v4/jobGroups",
        "/hook/guess",
    ] {
        let url = format!("{}{path}", app.receiver());
        let unknown = sender.send(Method::POST, &url, &[], Vec::new()).await;
        assert_eq!(
            (unknown.status, unknown.body.as_str()),
            (404, r#"{"error": "Not found"}"#),
            "{path}"
        );
    }

    let rejected = await_json(
        &workspace,
        &["request", "list", "--verdict", "rejected"],
        |it| it.as_array().is_some_and(|it| it.len() == 4),
    );
    let mut statuses: Vec<i64> = rejected
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["status"].as_i64())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [400, 401, 405, 413]);
    for request in rejected.as_array().expect("a list") {
        assert!(
            request["reason"].as_str().is_some_and(|it| !it.is_empty()),
            "{request}"
        );
        assert!(!request.to_string().contains(KEY) && !request.to_string().contains("wrong-key"));
    }
    assert_eq!(workspace.json(&["job", "list"]), json!([]), "no job began");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_and_begins_nothing() {
    let workspace = workspace();
    let app = workspace.serve();
    let key = [("idempotency-key", "order-1")];
    let first = post(&app, KEY, &key, "{\"n\": 1}").await;
    let second = post(&app, KEY, &key, "{\"n\": 2}").await;
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(first.header("idempotent-replayed"), "");
    assert_eq!(
        workspace.json(&["job", "list"]).as_array().map(Vec::len),
        Some(1)
    );
    let listed = workspace.json(&["request", "list", "--verdict", "duplicate"]);
    let repeat = listed[0]["id"].as_str().expect("an id");
    let repeat = workspace.json(&["request", "show", repeat]);
    assert_eq!(
        repeat["duplicate_of"],
        first.json()["request_id"],
        "{repeat}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_a_paused_or_switched_off_flow_are_recorded_and_begin_nothing() {
    let workspace = workspace();
    let app = workspace.serve();
    for (command, count) in [("pause", 1), ("off", 2)] {
        workspace.run(&["flow", command, "intake"]).ok();
        let held = post(&app, KEY, &[], "{}").await;
        assert_eq!(held.status, 200);
        assert_eq!(
            held.body,
            r#"{"status": "recorded", "workflow_started": false}"#
        );
        let listed = workspace.json(&["request", "list", "--verdict", "held"]);
        assert_eq!(listed.as_array().map(Vec::len), Some(count), "{listed}");
    }
    workspace.run(&["flow", "resume", "intake"]).ok();
    let accepted = post(&app, KEY, &[], "{}").await.json();
    assert_eq!(accepted["workflow_started"], true);
    assert_eq!(
        workspace.json(&["job", "list"]).as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_flow_is_not_found_and_a_new_version_answers_at_once() {
    let workspace = workspace();
    let app = workspace.serve();
    let mut document = intake("intake");
    document["endpoints"][0]["limits"] = json!({"body_bytes_max": 4});
    workspace.publish(&document);
    assert_eq!(post(&app, KEY, &[], "{\"n\": 1}").await.status, 413);
    let again = post(&app, KEY, &[], "{}").await;
    assert_eq!(again.status, 200, "{again:?}");
    await_json(&workspace, &["job", "list"], |jobs| {
        jobs[0]["status"] == "complete"
    });
    workspace.run(&["flow", "delete", "intake"]).ok();
    assert_eq!(post(&app, KEY, &[], "{}").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_nobody_set_lets_nobody_in_until_it_is_set() {
    let workspace = Workspace::new();
    workspace.publish(&intake("intake"));
    let app = workspace.serve();
    for key in [KEY, ""] {
        assert_eq!(post(&app, key, &[], "{}").await.status, 401);
    }
    let listed = await_json(&workspace, &["request", "list"], |it| {
        it.as_array().is_some_and(|it| it.len() == 2)
    });
    assert!(
        listed[1]["reason"]
            .as_str()
            .is_some_and(|it| it.contains("not set")),
        "{listed}"
    );
    workspace.set_secret("key", KEY);
    assert_eq!(post(&app, KEY, &[], "{}").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_request_brought_is_shown_with_its_checks() {
    let workspace = workspace();
    let app = workspace.serve();
    let headers = [
        ("x-shop", "berlin"),
        ("authorization", "Bearer sender-token-0123"),
    ];
    let accepted = post(&app, KEY, &headers, "{\"n\": 1.50}").await;
    let id = accepted.header("x-request-id").to_owned();
    let request = workspace.json(&["request", "show", &id]);
    assert_eq!(
        (&request["verdict"], &request["job_id"]),
        (&"accepted".into(), &accepted.json()["job_id"])
    );
    assert_eq!(
        request["body"]["text"], "{\"n\": 1.50}",
        "bytes are kept as they came"
    );
    assert!(
        request["path"]
            .as_str()
            .is_some_and(|it| it.contains("key=••••")),
        "{request}"
    );
    let text = request.to_string();
    assert!(text.contains("berlin") && !text.contains("sender-token-0123") && !text.contains(KEY));
    let shown = workspace.run(&["request", "show", &id]).ok().stdout;
    assert!(
        shown.contains("accepted") && shown.contains("x-shop: berlin"),
        "{shown}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_what_runs_and_nothing_that_was_accepted_is_lost() {
    let workspace = workspace();
    let app = workspace.serve();
    for number in 0..20 {
        assert_eq!(
            post(&app, KEY, &[], &format!("{{\"n\": {number}}}"))
                .await
                .status,
            200
        );
    }
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    let _app = workspace.serve();
    let jobs = await_json(&workspace, &["job", "list"], |jobs| {
        jobs.as_array()
            .is_some_and(|jobs| jobs.iter().all(|it| it["status"] == "complete"))
    });
    assert_eq!(jobs.as_array().map(Vec::len), Some(20));
}
