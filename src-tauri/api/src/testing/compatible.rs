//! Webhook tasks through the routes that scripts written for another product call.

use http::StatusCode;
use serde_json::{Value, json};

use super::TestApi;
use super::documents::order_intake;

async fn published() -> (TestApi, i64) {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    let imported = api.post("/flows/import", body).await.ok();
    let id = imported["flow"]["id"].as_i64().expect("an id");
    (api, id)
}

fn run_next(flow: i64) -> Value {
    json!({
        "flow": {"id": flow}, "name": "Run the next", "url": "http://www.example.com:3005/v4/jobGroups/",
        "triggerEvent": "onJobSuccess", "triggerObject": "any_job",
        "headers": [{"key": "Content-Type", "value": "application/json"},
                    {"key": "Authorization", "value": "Bearer {{secrets.next_token}}"}],
        "body": {"wrangledDataset": {"id": 4}}, "method": "post", "sslVerification": true, "retryOnFailure": false,
    })
}

const TASKS: &str = "/v4/webhookFlowTasks";

#[tokio::test]
async fn a_task_is_made_read_changed_and_deleted_and_each_change_is_a_version() {
    let (api, flow) = published().await;
    let made = api.call_at("POST", TASKS, Some(run_next(flow))).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.ok();
    assert_eq!(made["triggerEvent"], "job_succeeded");
    assert_eq!(made["body"], r#"{"wrangledDataset":{"id":4}}"#);
    assert_eq!(
        (&made["retryOnFailure"], &made["method"]),
        (&json!(false), &json!("POST"))
    );
    let path = format!("{TASKS}/{}", made["id"]);
    for read in [path.clone(), format!("{path}/")] {
        assert_eq!(api.call_at("GET", &read, None).await.ok(), made);
    }

    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(
        (&detail["version"], &detail["draft_changed"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(
        api.host.reloads(),
        2,
        "what reacts to a flow knows the new version"
    );
    let task = &detail["document"]["webhook_tasks"][1];
    assert_eq!(task["object"], "any_job");
    assert_eq!(
        task["headers"]["Authorization"],
        "Bearer {{secrets.next_token}}"
    );

    let outputs = json!({"outputs": [{"id": detail["outputs"][0]["id"]}]});
    let change = json!({"triggerObject": outputs, "method": "GET", "id": made["id"]});
    let changed = api
        .call_at("PATCH", &format!("{path}/"), Some(change))
        .await
        .ok();
    assert_eq!(changed["id"], made["id"]);
    assert_eq!(changed["triggerObject"]["outputs"][0]["name"], "summary");
    assert_eq!(changed["body"], Value::Null, "a GET has none");
    assert_eq!(changed["url"], made["url"]);

    let listed = api
        .call_at("GET", &format!("{TASKS}?flowId={flow}"), None)
        .await
        .ok();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let none = api
        .call_at("GET", &format!("{TASKS}?flowId=4711"), None)
        .await
        .ok();
    assert_eq!(none["data"], json!([]));

    goes_for_good(&api, &path).await;
}

/// A task that is deleted is gone, and everything else is as it was before there was one.
async fn goes_for_good(api: &TestApi, path: &str) {
    let deleted = api.call_at("DELETE", path, None).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    for gone in [
        api.call_at("GET", path, None).await,
        api.call_at("DELETE", path, None).await,
        api.call_at("PATCH", path, Some(json!({"enabled": false})))
            .await,
        api.call_at("GET", &format!("{TASKS}/4711"), None).await,
    ] {
        gone.refused(404, "task_not_found");
    }
    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(detail["version"], 4);
    assert_eq!(
        detail["document"],
        order_intake(),
        "the other task is as it was"
    );
}

#[tokio::test]
async fn a_draft_that_somebody_edits_gets_the_task_and_stays_unpublished() {
    let (api, flow) = published().await;
    let mut draft = order_intake();
    draft["title"] = "Half an edit".into();
    draft["steps"][0]["values"]["email"] = "{{requestBody.nothing".into();
    let etag = api.get("/flows/order_intake").await.ok()["draft_etag"].clone();
    let body = json!({"document": draft, "base_etag": etag});
    api.put("/flows/order_intake/draft", body).await.ok();

    let made = api.call_at("POST", TASKS, Some(run_next(flow))).await.ok();
    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(detail["document"]["title"], "Half an edit");
    assert_eq!(
        detail["document"]["webhook_tasks"][1]["name"],
        "Run the next"
    );
    let version = api.get("/flows/order_intake?version=2").await.ok();
    assert_eq!(version["document"]["title"], "Order intake");
    assert_eq!(
        version["document"]["webhook_tasks"][1]["name"],
        "Run the next"
    );

    api.call_at("DELETE", &format!("{TASKS}/{}", made["id"]), None)
        .await;
    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(detail["document"], draft);
}

#[tokio::test]
async fn a_task_of_a_flow_without_a_version_waits_in_its_draft() {
    let api = TestApi::new().await;
    let imported = api
        .post("/flows/import", json!({"document": order_intake()}))
        .await
        .ok();
    let flow = imported["flow"]["id"].as_i64().expect("an id");
    let made = api.call_at("POST", TASKS, Some(run_next(flow))).await.ok();
    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(detail["version"], Value::Null);
    assert_eq!(detail["webhook_tasks"][1]["id"], made["id"]);
    assert_eq!(api.host.reloads(), 0);
}

#[tokio::test]
async fn a_key_becomes_a_secret_and_is_shown_nowhere() {
    let (api, flow) = published().await;
    let mut task = run_next(flow);
    task["secretKey"] = "mySecret-mySecret".into();
    let made = api.call_at("POST", TASKS, Some(task.clone())).await.ok();
    let name = made["secret"].as_str().expect("a name").to_owned();
    assert!(!made.to_string().contains("mySecret"), "{made}");
    let secrets = api.get("/secrets").await.ok();
    let known = secrets["items"].as_array().expect("a list");
    let known = known.iter().find(|secret| secret["name"] == *name);
    assert_eq!(known.expect("it is kept")["state"], "stored");
    let export = api.get("/flows/order_intake/export").await.ok();
    assert!(!export.to_string().contains("mySecret"));

    task["name"] = "Both".into();
    task["secret"] = "other".into();
    let both = api.call_at("POST", TASKS, Some(task)).await;
    both.refused(400, "bad_request");
    let path = format!("{TASKS}/{}", made["id"]);
    let without = api
        .call_at("PATCH", &path, Some(json!({"secret": null})))
        .await;
    assert_eq!(without.ok()["secret"], Value::Null);
}

#[tokio::test]
async fn what_is_wrong_with_a_task_is_told_and_nothing_is_changed() {
    let (api, flow) = published().await;
    let cases = [
        (json!({"flow": null}), 400, "bad_request"),
        (json!({"flow": {"id": 4711}}), 404, "flow_not_found"),
        (json!({"name": "Tell Slack"}), 409, "name_taken"),
        (json!({"name": null}), 422, "document_invalid"),
        (json!({"url": "ftp://a.example"}), 422, "publish_refused"),
        (
            json!({"triggerEvent": "onJobMaybe"}),
            422,
            "publish_refused",
        ),
        (
            json!({"triggerObject": {"outputs": [4711]}}),
            404,
            "output_unknown",
        ),
        (
            json!({"triggerObject": {"outputs": ["nothing"]}}),
            422,
            "publish_refused",
        ),
        (json!({"method": "FETCH"}), 422, "publish_refused"),
        (json!({"headers": [{"name": "X"}]}), 400, "bad_request"),
        (json!({"secrt": "typo"}), 400, "bad_request"),
    ];
    for (wrong, status, code) in cases {
        let mut task = run_next(flow);
        for (key, value) in wrong.as_object().expect("fields") {
            task[key] = value.clone();
        }
        let refused = api.call_at("POST", TASKS, Some(task)).await;
        // A document that has no name for a task is refused either way.
        let expected = if code == "document_invalid" {
            refused.code().to_owned()
        } else {
            code.to_owned()
        };
        refused.refused(status, &expected);
    }
    let detail = api.get("/flows/order_intake").await.ok();
    assert_eq!(
        (&detail["version"], &detail["document"]),
        (&json!(1), &order_intake())
    );
}

#[tokio::test]
async fn the_fifty_first_task_is_refused_with_the_number() {
    let (api, flow) = published().await;
    let mut document = order_intake();
    let task = document["webhook_tasks"][0].clone();
    let tasks = (0..50).map(|n| {
        let mut task = task.clone();
        task["name"] = format!("Task {n}").into();
        task
    });
    document["webhook_tasks"] = tasks.collect();
    let body = json!({"document": document, "publish": true});
    api.post("/flows/import", body).await.ok();
    let refused = api.call_at("POST", TASKS, Some(run_next(flow))).await;
    let refused = refused.refused(422, "publish_refused");
    assert!(
        refused["error"]["message"]
            .as_str()
            .expect("text")
            .contains("50"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_message_is_tested_without_a_task_and_its_key_is_forgotten() {
    let (api, flow) = published().await;
    let only_url = json!({"url": "https://shop.example/in"});
    for path in ["/v4/webhooks/test", "/v4/webhooks/test/"] {
        let tested = api.call_at("POST", path, Some(only_url.clone())).await.ok();
        assert_eq!(
            (&tested["success"], &tested["status"]),
            (&json!(true), &json!(204))
        );
    }
    let mut whole = run_next(flow);
    whole["secretKey"] = "mySecret-mySecret".into();
    let tested = api
        .call_at("POST", "/v4/webhooks/test", Some(whole))
        .await
        .ok();
    assert_eq!(tested["success"], true);
    let secrets = api.get("/secrets").await.ok().to_string();
    assert!(!secrets.contains("webhook_test"), "{secrets}");
    let wrong = api.call_at(
        "POST",
        "/v4/webhooks/test",
        Some(json!({"url": "ftp://a.example"})),
    );
    wrong.await.refused(422, "publish_refused");
    assert_eq!(api.get("/flows/order_intake").await.ok()["version"], 1);
}

#[tokio::test]
async fn an_import_that_cannot_be_published_leaves_the_draft_as_it_was() {
    let (api, _) = published().await;
    let mut other = order_intake();
    other["name"] = "other".into();
    // The endpoint's name belongs to the first flow: only the write finds that, when both come at once.
    let text = other.to_string();
    api.store
        .import_flow("other", &order_intake().to_string(), 1)
        .await
        .expect("a draft");
    let refused = api.store.import_published_flow("other", &text, 2).await;
    assert!(
        matches!(refused, Err(hookloom_store::Error::EndpointTaken { .. })),
        "{refused:?}"
    );
    let flow = api.store.flow("other").await.expect("it is there");
    assert_eq!(
        (flow.draft, flow.version),
        (order_intake().to_string(), None)
    );
    let refused = api.store.import_published_flow("third", &text, 2).await;
    assert!(refused.is_err());
    assert!(api.store.flow("third").await.is_err(), "no flow was made");
}
