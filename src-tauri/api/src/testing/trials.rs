//! Writing and trying a draft: positions, versions, previews, names, jobs and steps that are only tried.

use hookloom_engine::ports::{Arrival, Inbox};
use hookloom_model::request::RequestRecord;
use hookloom_model::{FlowId, RequestId, Verdict};
use serde_json::{Value, json};

use super::documents::{named, order_intake};
use super::jobs::with_a_job;
use super::{NOW_MS, TestApi};

async fn imported() -> TestApi {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    api
}

fn edited() -> Value {
    let mut document = order_intake();
    document["title"] = "Edited".into();
    document
}

async fn save(api: &TestApi, document: Value, layout: Value) -> Value {
    let flow = api.get("/flows/order_intake").await.ok();
    let body = json!({"document": document, "base_etag": flow["draft_etag"], "layout": layout});
    api.put("/flows/order_intake/draft", body).await.ok()
}

#[tokio::test]
async fn a_layout_is_kept_beside_the_draft_and_ends_the_export() {
    let api = imported().await;
    let before = api.get("/flows/order_intake").await.ok();
    assert_eq!(before["layout"], Value::Null);
    let layout = json!({"step:ship": {"x": 10.5, "y": -4.0}});
    let moved = save(&api, order_intake(), layout.clone()).await;
    assert_eq!(moved["layout"], layout);
    assert_eq!(moved["draft_etag"], before["draft_etag"]);
    assert_eq!(moved["draft_changed"], false, "moving is no change");
    assert!(moved["document"].get("layout").is_none());

    let exported = api.get("/flows/order_intake/export").await.ok();
    let mut keys = exported.as_object().expect("a document").keys();
    assert_eq!(keys.next_back().map(String::as_str), Some("layout"));
    let mut other = exported.clone();
    other["name"] = "other".into();
    other["endpoints"][0]["name"] = "others".into();
    api.post("/flows/import", json!({"document": other}))
        .await
        .ok();
    assert_eq!(api.get("/flows/other").await.ok()["layout"], layout);
    api.post("/flows/order_intake/copy", json!({"name": "copied"}))
        .await
        .ok();
    assert_eq!(api.get("/flows/copied").await.ok()["layout"], layout);
    let kept = save(&api, edited(), Value::Null).await;
    assert_eq!(kept["layout"], layout, "left out, it stays");
}

#[tokio::test]
async fn versions_are_listed_without_what_was_only_tried() {
    let api = imported().await;
    save(&api, edited(), Value::Null).await;
    api.post("/flows/order_intake/run", json!({"draft": true}))
        .await
        .ok();
    let listed = api.get("/flows/order_intake/versions").await.ok();
    assert_eq!(listed["versions"].as_array().map(Vec::len), Some(1));
    api.post("/flows/order_intake/publish", json!({}))
        .await
        .ok();
    let listed = api.get("/flows/order_intake/versions").await.ok();
    let row = |n: usize| {
        let row = &listed["versions"][n];
        (
            row["version"].clone(),
            row["is_current"].clone(),
            row["steps"].clone(),
        )
    };
    assert_eq!(row(0), (json!(2), json!(true), json!(2)));
    assert_eq!(row(1), (json!(1), json!(false), json!(2)));
    api.get("/flows/nobody/versions")
        .await
        .refused(404, "flow_not_found");
}

async fn preview(api: &TestApi, body: Value) -> Value {
    let mut preview = json!({"flow": "order_intake", "place": "/steps/1/body"});
    preview
        .as_object_mut()
        .expect("an object")
        .extend(body.as_object().cloned().expect("an object"));
    api.post("/templates/preview", preview).await.ok()
}

#[tokio::test]
async fn a_preview_has_the_values_of_the_last_job_and_never_a_secret() {
    let (api, job, _) = with_a_job().await;
    let said = preview(
        &api,
        json!({"text": "{{steps.enrich.data.total}}", "kind": "value"}),
    )
    .await;
    assert_eq!(said["job_id"], job.0);
    assert_eq!(said["result"]["type"], "number");
    assert_eq!(said["result"]["value"], 7);
    let text = "{\"mail\": {{requestBody.customer.email}}, \"key\": {{secrets.shop_token}}}";
    let said = preview(&api, json!({"text": text, "kind": "json"})).await;
    assert_eq!(
        said["result"]["text"],
        "{\"mail\": \"a@b.example\", \"key\": \"••••\"}"
    );
    let body = json!({
        "text": "{\"say\": \"Job $jobId: $jobStatus\"}", "kind": "json", "in_task": true,
        "place": "/webhook_tasks/0/body",
    });
    let said = preview(&api, body).await;
    assert_eq!(
        said["result"]["text"],
        format!("{{\"say\": \"Job {}: Complete\"}}", job.0)
    );
}

#[tokio::test]
async fn a_preview_says_what_is_wrong_and_where() {
    let (api, _, _) = with_a_job().await;
    let said = preview(&api, json!({"text": "to {{steps.enrich.data.emial}}"})).await;
    assert_eq!(said["result"], Value::Null);
    assert_eq!(said["error"]["nearest"], "email");
    assert_eq!(
        (&said["error"]["offset"], &said["error"]["length"]),
        (&json!(3), &json!(27))
    );
    let said = preview(&api, json!({"text": "{{steps.ship.data.status}}"})).await;
    assert!(
        said["error"].is_object(),
        "a step does not see itself: {said}"
    );
    let long = "x".repeat(300 * 1024);
    let body = json!({"flow": "order_intake", "text": long});
    api.post("/templates/preview", body)
        .await
        .refused(422, "value_invalid");
    let many = "{{vars.a}}".repeat(501);
    let body = json!({"flow": "order_intake", "text": many});
    api.post("/templates/preview", body)
        .await
        .refused(422, "value_invalid");
}

#[tokio::test]
async fn a_preview_of_a_draft_that_the_caller_holds_needs_no_job() {
    let api = imported().await;
    let mut document = order_intake();
    document["vars"] = json!({"shop_url": "https://shop.example"});
    document["steps"] = json!("broken");
    let body = json!({"text": "{{vars.shop_url}}/x", "kind": "url", "document": document});
    let said = preview(&api, body).await;
    assert_eq!(said["result"]["text"], "https://shop.example/x");
    assert_eq!(said["job_id"], Value::Null);
    let said = preview(&api, json!({"text": "{{requestBody.total}}"})).await;
    let message = said["error"]["message"].as_str().expect("a message");
    assert!(message.contains("no job"), "{message}");
}

fn names(answer: &Value) -> Vec<&str> {
    let names = answer["names"].as_array().expect("a list").iter();
    names
        .filter_map(|name| name["expression"].as_str())
        .collect()
}

fn name<'a>(answer: &'a Value, expression: &str) -> &'a Value {
    let names = answer["names"].as_array().expect("a list");
    let found = names.iter().find(|name| name["expression"] == expression);
    found.unwrap_or_else(|| panic!("no {expression} among {:?}", self::names(answer)))
}

#[tokio::test]
async fn names_come_from_the_job_and_from_what_is_known_without_one() {
    let (api, _, _) = with_a_job().await;
    let answer = api
        .get("/flows/order_intake/names?place=/steps/1")
        .await
        .ok();
    let email = name(&answer, "steps.enrich.data.email");
    assert_eq!(
        (&email["type"], &email["sample"], &email["source"]),
        (&json!("string"), &json!("a@b.example"), &json!("steps"))
    );
    assert_eq!(name(&answer, "requestBody.customer")["type"], "object");
    assert_eq!(name(&answer, "secrets.shop_token")["sample"], "••••");
    assert!(
        !names(&answer).iter().any(|it| it.starts_with("steps.ship")),
        "not upstream"
    );
    assert!(answer["filters"].as_array().is_some_and(|it| it.len() > 20));
    let of_first = api
        .get("/flows/order_intake/names?place=/steps/0")
        .await
        .ok();
    assert!(!names(&of_first).iter().any(|it| it.starts_with("steps.")));
    let of_endpoint = api
        .get("/flows/order_intake/names?place=/endpoints/0/idempotency_key")
        .await
        .ok();
    assert!(
        !names(&of_endpoint)
            .iter()
            .any(|it| it.starts_with("secrets."))
    );
    name(&of_endpoint, "requestBody.total");

    let fresh = imported().await;
    let answer = fresh
        .get("/flows/order_intake/names?place=/steps/1")
        .await
        .ok();
    assert_eq!(answer["job_id"], Value::Null);
    for known in [
        "steps.enrich.data",
        "requestBody",
        "trigger.headers",
        "job.id",
    ] {
        assert_eq!(name(&answer, known)["type"], Value::Null, "{known}");
    }
    let other = api.get("/flows/order_intake/names?job_id=99").await;
    other.refused(404, "job_not_found");
}

#[tokio::test]
async fn a_trial_is_told_from_a_job_and_publishes_nothing() {
    let api = imported().await;
    save(&api, edited(), Value::Null).await;
    let body = json!({
        "draft": true, "input": {"total": 7}, "headers": {"Authorization": "Bearer hunter2hunter2", "X-Shop": "7"},
        "pins": {"ship": {"status": 200}},
    });
    let started = api.post("/flows/order_intake/run", body).await.ok();
    let job = api.get(&format!("/jobs/{}", started["job_id"])).await.ok();
    assert_eq!(
        (&job["trial"], &job["flow_title"]),
        (&json!(true), &json!("Edited"))
    );
    assert_eq!(job["steps"][1]["pinned"], true);
    assert_eq!(job["steps"][1]["data"], json!({"status": 200}));
    assert_eq!(job["steps"][0]["pinned"], false);
    let journal = api
        .get(&format!("/jobs/{}/journal", started["job_id"]))
        .await
        .ok();
    assert!(!journal.to_string().contains("hunter2"), "{journal}");
    let flow = api.get("/flows/order_intake").await.ok();
    assert_eq!(
        (&flow["version"], &flow["draft_changed"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(api.host.reloads(), 1, "endpoints stay as they are");
    let normal = api.post("/flows/order_intake/run", json!({})).await.ok();
    let normal = api.get(&format!("/jobs/{}", normal["job_id"])).await.ok();
    assert_eq!(
        (&normal["trial"], &normal["version"]),
        (&json!(false), &json!(1))
    );
}

#[tokio::test]
async fn a_draft_that_cannot_run_is_refused_with_its_problems() {
    let api = imported().await;
    let mut broken = order_intake();
    broken["steps"][0]["kind"] = "sett".into();
    save(&api, broken, Value::Null).await;
    let refused = api
        .post("/flows/order_intake/run", json!({"draft": true}))
        .await;
    let refused = refused.refused(422, "publish_refused");
    assert_eq!(refused["error"]["problems"][0]["place"], "/steps/0/kind");
    let body = json!({"pins": {"enrich": 1}});
    let refused = api.post("/flows/order_intake/run", body).await;
    refused.refused(422, "value_invalid");
    let none = api
        .post("/flows/order_intake/run", json!({"draft": true}))
        .await;
    none.refused(422, "publish_refused");
    assert_eq!(api.get("/jobs").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_trial_takes_a_stored_request_of_its_own_flow_only() {
    let api = imported().await;
    let other = api
        .post("/flows/import", json!({"document": named("other")}))
        .await
        .ok();
    let own = api.get("/flows/order_intake").await.ok();
    let mut ids = Vec::new();
    for (n, flow) in [(1, &own), (2, &other["flow"])] {
        let record = request(FlowId(flow["id"].as_i64().expect("an id")), n);
        ids.push(record.id.to_string());
        let arrival = Arrival {
            record: Some(record),
            idempotency_key: None,
            start: None,
        };
        api.store.accept(arrival).await.expect("it is kept");
    }
    let body = |id: &str| json!({"draft": true, "request_id": id});
    let started = api
        .post("/flows/order_intake/run", body(&ids[0]))
        .await
        .ok();
    let job = api.get(&format!("/jobs/{}", started["job_id"])).await.ok();
    assert_eq!(job["replayed_request_id"], ids[0].as_str());
    let held = api.get(&format!("/requests/{}", ids[0])).await.ok();
    assert_eq!(
        held["job_id"],
        Value::Null,
        "a held request still waits for a real job"
    );
    for id in [ids[1].as_str(), "mqr_no"] {
        let refused = api.post("/flows/order_intake/run", body(id)).await;
        refused.refused(404, "request_not_found");
    }
}

fn request(flow_id: FlowId, n: u8) -> RequestRecord {
    RequestRecord {
        id: RequestId::new(NOW_MS, [n; 10]),
        at_ms: NOW_MS,
        endpoint: "orders".into(),
        flow_id,
        method: "POST".into(),
        path: "/".into(),
        remote_address: "127.0.0.1".into(),
        headers: Vec::new(),
        sealed_headers: None,
        way: None,
        body: b"{}".to_vec(),
        files: Vec::new(),
        body_bytes: 2,
        body_sha256: None,
        verdict: Verdict::Held,
        status: 202,
        reason: None,
    }
}

#[tokio::test]
async fn a_step_is_tried_with_the_draft_that_the_caller_holds() {
    let api = imported().await;
    let body = json!({
        "step": "ship", "pins": {"enrich": {"email": "a@b.example"}}, "input": {"headers": {"X-Shop": "7"}, "body": null},
    });
    let tried = api.post("/flows/order_intake/steps/try", body).await.ok();
    assert_eq!(
        (&tried["status"], &tried["duration_ms"]),
        (&json!("complete"), &json!(12))
    );
    assert_eq!(tried["data"]["enrich"]["email"], "a@b.example");
    assert_eq!(
        tried["exchange"]["request"]["headers"][0],
        json!({"name": "x-shop", "value": "7"})
    );
    assert_eq!(tried["exchange"]["response"]["status"], 204);
    let mut broken = order_intake();
    broken["steps"][1]["url"] = "{{ open".into();
    let body = json!({"step": "ship", "document": broken});
    let refused = api.post("/flows/order_intake/steps/try", body).await;
    refused.refused(422, "publish_refused");
    broken["outputs"] = json!([]);
    let body = json!({"step": "enrich", "document": broken});
    let tried = api.post("/flows/order_intake/steps/try", body).await.ok();
    assert_eq!(
        tried["log"],
        json!(["2 steps"]),
        "what is broken elsewhere stands aside"
    );
    assert_eq!(api.get("/jobs").await.ok()["items"], json!([]));
}
