//! Messages that fail, are tried again, and are sent again.

use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{
    TestReceiver, TestSender, Workspace, await_json, intake, signature_of, split_signature, tell,
};

const KEY: &str = "intake-key-0123456789";

/// A flow with one task whose attempts are 200 ms apart.
fn workspace_with(receiver: &TestReceiver, change: impl FnOnce(&mut Value)) -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_secret("signing", "signing-secret-0123");
    let mut task = tell("tell", &format!("{}/told", receiver.url()));
    task["secret"] = "signing".into();
    task["schedule_ms"] = json!([200, 200, 200]);
    change(&mut task);
    let mut document = intake("intake");
    document["webhook_tasks"] = json!([task]);
    workspace.publish(&document);
    workspace
}

async fn start_job(workspace: &Workspace, app: &crate::support::TestApp) -> i64 {
    let answer = TestSender::new()
        .hook(app, "intake", KEY, &json!({"n": 1}))
        .await;
    assert_eq!(
        answer.status,
        200,
        "{answer:?} {workspace}",
        workspace = workspace.data().display()
    );
    answer.json()["job_id"].as_i64().expect("a number")
}

fn one_delivery(workspace: &Workspace, status: &str) -> Value {
    let listed = await_json(workspace, &["delivery", "list"], |it| {
        it[0]["status"] == status
    });
    let id = listed[0]["id"].as_str().expect("an id").to_owned();
    workspace.json(&["delivery", "show", &id])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_again_with_the_same_id_and_bytes_and_a_new_signature() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |_| {});
    let app = workspace.serve();
    receiver.answer_with(500);
    let job_id = start_job(&workspace, &app).await;
    let first = receiver.next().await;
    receiver.answer_with(200);
    let second = receiver.next().await;
    assert_eq!(first.body, second.body);
    assert_eq!(first.json(), json!({"job": job_id, "status": "Complete"}));
    for message in [&first, &second] {
        let (timestamp, signature) = split_signature(message.header("x-webhook-signature"));
        assert_eq!(
            signature,
            signature_of("signing-secret-0123", &timestamp, &message.body)
        );
    }
    assert_ne!(
        first.header("x-webhook-signature"),
        second.header("x-webhook-signature")
    );

    let delivery = one_delivery(&workspace, "delivered");
    assert_eq!(delivery["job_id"], job_id);
    let attempts = delivery["attempts"].as_array().expect("a list");
    let seen: Vec<_> = attempts
        .iter()
        .map(|it| (it["n"].as_i64(), it["http_status"].as_i64()))
        .collect();
    assert_eq!(seen, [(Some(1), Some(500)), (Some(2), Some(200))]);
    assert_eq!(attempts[0]["status"], "failed");
    assert_eq!(
        attempts[1]["request"]["body"],
        String::from_utf8_lossy(&second.body).as_ref()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_fails_after_its_schedule_and_can_be_sent_again_by_hand() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |_| {});
    let app = workspace.serve();
    receiver.answer_with(503);
    start_job(&workspace, &app).await;
    let failed = one_delivery(&workspace, "failed");
    assert_eq!(
        failed["attempts"].as_array().map(Vec::len),
        Some(4),
        "1 and the schedule's 3"
    );
    assert!(
        failed["attempts"][3]["error"].is_null()
            || failed["attempts"][3]["error"]["message"].is_string()
    );
    let sent = receiver.drain();
    assert_eq!(sent.len(), 4);

    receiver.answer_with(200);
    let id = failed["id"].as_str().expect("an id");
    let resent = workspace.json(&["delivery", "resend", id]);
    assert_ne!(resent["id"], failed["id"]);
    assert_eq!(resent["resend_of"], failed["id"]);
    let again = receiver.next().await;
    assert_eq!(again.body, sent[0].body);
    let resent_id = resent["id"].as_str().expect("an id");
    await_json(&workspace, &["delivery", "show", resent_id], |it| {
        it["status"] == "delivered"
    });
    assert_eq!(
        workspace.json(&["delivery", "show", id])["status"],
        "failed",
        "the old one stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retries_there_is_one_attempt() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |task| {
        task["retry_on_failure"] = false.into();
        task.as_object_mut()
            .expect("an object")
            .remove("schedule_ms");
    });
    let app = workspace.serve();
    receiver.answer_with(500);
    start_job(&workspace, &app).await;
    let failed = one_delivery(&workspace, "failed");
    assert_eq!(failed["attempts"].as_array().map(Vec::len), Some(1));
    receiver.next().await;
    assert!(receiver.stays_silent(500).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn gone_ends_a_message_and_disables_its_task() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |_| {});
    let app = workspace.serve();
    receiver.answer_with(410);
    start_job(&workspace, &app).await;
    let failed = one_delivery(&workspace, "failed");
    assert_eq!(failed["attempts"].as_array().map(Vec::len), Some(1));
    assert_eq!(failed["task_disabled"], true);
    receiver.next().await;
    start_job(&workspace, &app).await;
    assert!(
        receiver.stays_silent(500).await,
        "a disabled task sends nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_survives_a_kill_and_comes_at_its_time() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |task| task["schedule_ms"] = json!([3_000]));
    let app = workspace.serve();
    receiver.answer_with(500);
    start_job(&workspace, &app).await;
    let first = receiver.next().await;
    let failed_at = Instant::now();
    one_delivery(&workspace, "waiting");
    app.kill();
    receiver.answer_with(200);
    let _app = workspace.serve();
    let second = receiver.next().await;
    assert_eq!(first.body, second.body);
    let waited_ms = failed_at.elapsed().as_millis();
    // ±10 % of the schedule, and the time that the second attempt takes.
    assert!((2_500..8_000).contains(&waited_ms), "{waited_ms}");
    let delivery = one_delivery(&workspace, "delivered");
    assert_eq!(
        delivery["attempts"].as_array().map(Vec::len),
        Some(2),
        "{delivery}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_with(&receiver, |task| task["retry_on_failure"] = false.into());
    let app = workspace.serve();
    let elsewhere = format!("{}/elsewhere", receiver.url());
    receiver.script(move |_| {
        axum::response::Response::builder()
            .status(302)
            .header("location", &elsewhere)
            .body(axum::body::Body::empty())
            .expect("a valid answer")
    });
    start_job(&workspace, &app).await;
    let failed = one_delivery(&workspace, "failed");
    assert_eq!(failed["http_status"], 302);
    assert_eq!(receiver.next().await.target, "/told");
    assert!(receiver.stays_silent(300).await);
}
