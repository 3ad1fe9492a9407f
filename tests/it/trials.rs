//! Writing and trying a draft against the real program: previews, names, one step, and a durable trial that publishes
//! nothing and tells nobody.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestReceiver, TestSender, Workspace, answer, await_job, order_intake,
};

const TOKEN: &str = "shop-token-0123456789";

async fn call(app: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/api/v1{path}", app.control());
    let bearer = format!("Bearer {}", app.token());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = body.to_string().into_bytes();
    let answer = TestSender::new()
        .send(Method::POST, &url, &headers, body)
        .await;
    (answer.status, answer.json())
}

async fn done(app: &TestApp, path: &str, body: &Value) -> Value {
    let (status, answer) = call(app, path, body).await;
    assert!((200..300).contains(&status), "{path}: {status} {answer:#}");
    assert!(!answer.to_string().contains(TOKEN), "{path}: {answer:#}");
    answer
}

/// A workspace whose flow was published and ran once, and whose draft has another URL.
async fn with_a_draft(receiver: &mut TestReceiver) -> (Workspace, TestApp) {
    let workspace = Workspace::new();
    let app = workspace.serve();
    for name in ["orders_key", "slack_path", "slack_signing"] {
        workspace.set_secret(name, "some-secret-0123456789");
    }
    workspace.set_secret("shop_token", TOKEN);
    workspace.set_variable("shop_url", receiver.url());
    workspace.publish(&order_intake());
    let input = json!({"customer": {"email": "a@b.example"}, "total": 21});
    let input = workspace.file("input.json", &input.to_string());
    workspace.json(&["run", "order_intake", "--input", &input, "--wait"]);
    receiver.next_to("/api/ship").await;
    receiver.next_to("/services/some-secret-0123456789").await;
    let mut draft = order_intake();
    draft["steps"][1]["url"] = "{{vars.shop_url}}/api/tried".into();
    let draft = workspace.file("draft.json", &draft.to_string());
    workspace.run(&["flow", "import", &draft]).ok();
    (workspace, app)
}

/// The preview and the names have the values of the job, and no secret.
async fn check_what_is_shown(app: &TestApp) {
    let text = "{\"to\": {{steps.enrich.data.email}}, \"as\": {{secrets.shop_token}}}";
    let preview =
        json!({"flow": "order_intake", "place": "/steps/1/body", "text": text, "kind": "json"});
    let previewed = done(app, "/templates/preview", &preview).await;
    assert_eq!(
        previewed["result"]["text"],
        "{\"to\": \"a@b.example\", \"as\": \"••••\"}"
    );

    let names = TestSender::new()
        .api(app, Method::GET, "/flows/order_intake/names?place=/steps/1")
        .await
        .json();
    let named = |expression: &str| {
        let mut names = names["names"].as_array().expect("a list").iter();
        names
            .find(|name| name["expression"] == expression)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(named("steps.enrich.data.total")["sample"], "42");
    assert_eq!(named("secrets.shop_token")["sample"], "••••");
    assert_eq!(named("steps.ship.data"), Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_previewed_and_one_step_of_it_really_tried() {
    let mut receiver = TestReceiver::start().await;
    receiver.script(|seen| {
        answer(
            200,
            &json!({"echo": seen.header("authorization")}).to_string(),
        )
    });
    let (workspace, app) = with_a_draft(&mut receiver).await;

    check_what_is_shown(&app).await;

    // One step, really: the receiver gets the secret, and nobody else does.
    let try_it = json!({"step": "ship", "pins": {"enrich": {"email": "c@d.example", "total": 1}}});
    let tried = done(&app, "/flows/order_intake/steps/try", &try_it).await;
    let sent = receiver.next_to("/api/tried").await;
    assert_eq!(sent.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(sent.json()["email"], "c@d.example");
    assert_eq!(tried["status"], "complete");
    assert_eq!(tried["exchange"]["response"]["status"], 200);
    assert!(
        tried["exchange"]["response"]["body"]
            .as_str()
            .is_some_and(|it| it.contains("••••"))
    );

    drop(app);
    drop(workspace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_draft_is_a_job_that_makes_no_version_and_tells_nobody() {
    let mut receiver = TestReceiver::start().await;
    let (workspace, app) = with_a_draft(&mut receiver).await;
    let pins = workspace.file(
        "pins.json",
        &json!({"enrich": {"email": "e@f.example", "total": 2}}).to_string(),
    );
    let job = workspace.json(&["run", "order_intake", "--draft", "--pins", &pins, "--wait"]);
    assert_eq!(
        receiver.next_to("/api/tried").await.json()["email"],
        "e@f.example"
    );
    assert_eq!(
        (&job["status"], &job["trial"]),
        (&json!("complete"), &json!(true))
    );
    assert_eq!(
        (&job["steps"][0]["pinned"], &job["steps"][1]["pinned"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(job["deliveries"], json!([]));
    assert!(receiver.stays_silent(300).await, "no task was sent");

    let versions = workspace.json(&["flow", "versions", "order_intake"]);
    assert_eq!(versions.as_array().map(Vec::len), Some(1), "{versions:#}");
    assert_eq!(workspace.json(&["flow", "list"])[0]["version"], 1);
    // What is published runs as before.
    let started = workspace.json(&["run", "order_intake"]);
    let id = started["job_id"].as_i64().expect("a job's number");
    let job = await_job(&workspace, id, |job| !job["ended_at"].is_null());
    assert_eq!((&job["trial"], &job["version"]), (&json!(false), &json!(1)));
    drop(app);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_request_is_tried_with_the_draft_and_a_broken_draft_with_nothing() {
    let mut receiver = TestReceiver::start().await;
    let (workspace, app) = with_a_draft(&mut receiver).await;
    let body = json!({"customer": {"email": "g@h.example"}, "total": 3});
    TestSender::new()
        .hook(&app, "order_intake", "some-secret-0123456789", &body)
        .await;
    receiver.next_to("/api/ship").await;
    receiver.next_to("/services/some-secret-0123456789").await;
    let requests = workspace.json(&["request", "list"]);
    let id = requests[0]["id"].as_str().expect("an id").to_owned();
    let job = workspace.json(&["run", "order_intake", "--draft", "--request", &id, "--wait"]);
    assert_eq!(
        receiver.next_to("/api/tried").await.json()["email"],
        "g@h.example"
    );
    assert_eq!(job["replayed_request_id"], id.as_str());
    assert_eq!(job["deliveries"], json!([]));

    let mut broken = order_intake();
    broken["steps"][0]["kind"] = "jq".into();
    broken["steps"][0]["program"] = ".".into();
    let flow = TestSender::new()
        .api(&app, Method::GET, "/flows/order_intake")
        .await
        .json();
    let jobs = workspace.json(&["job", "list"]).as_array().map(Vec::len);
    let draft = json!({"document": broken, "base_etag": flow["draft_etag"]});
    let url = format!("{}/api/v1/flows/order_intake/draft", app.control());
    let bearer = format!("Bearer {}", app.token());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let saved = TestSender::new()
        .send(Method::PUT, &url, &headers, draft.to_string().into_bytes())
        .await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let refused = workspace.run(&["--json", "run", "order_intake", "--draft"]);
    assert_eq!(refused.code_is(1).error()["code"], "publish_refused");
    assert_eq!(
        workspace.json(&["job", "list"]).as_array().map(Vec::len),
        jobs
    );
}
