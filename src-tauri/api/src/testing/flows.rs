//! Flows: import, drafts, publishing, states, copies.

use serde_json::{Value, json};

use super::TestApi;
use super::documents::{named, order_intake};

#[tokio::test]
async fn an_imported_flow_is_published_listed_and_exported_as_it_came() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    let imported = api.post("/flows/import", body).await.ok();
    assert_eq!(imported["created"], true);
    assert_eq!(imported["published_version"], 1);
    assert_eq!(imported["flow"]["state"], "live");
    assert_eq!(api.host.reloads(), 1, "the receiver knows the new endpoint");
    let notes = imported["notes"].to_string();
    assert!(
        notes.contains("webhook tasks (1)") && notes.contains("orders_key"),
        "{notes}"
    );

    let listed = api.get("/flows").await.ok();
    let flow = &listed["items"][0];
    assert_eq!(flow["title"], "Order intake");
    assert_eq!(flow["draft_changed"], false);
    assert_eq!(
        flow["endpoints"][0]["url"],
        "http://127.0.0.1:4747/api/webhook/local/order_intake?key=YOUR_KEY"
    );
    assert_eq!(flow["errors_count"], 0);
    assert!(
        flow["warnings_count"].as_u64() >= Some(4),
        "four secrets are not set: {flow:#}"
    );

    let exported = api.get("/flows/order_intake/export").await.ok();
    assert_eq!(exported, order_intake());
}

#[tokio::test]
async fn a_key_that_is_there_twice_is_told_with_its_place_and_nothing_is_kept() {
    let api = TestApi::new().await;
    let document = order_intake().to_string();
    let document = document.replacen("\"title\":", "\"title\":\"Lost\",\"title\":", 1);
    let refused = api
        .post_text("/flows/import", format!("{{\"document\": {document}}}"))
        .await
        .refused(422, "document_invalid");
    let problem = &refused["error"]["problems"][0];
    assert_eq!(
        (problem["code"].as_str(), problem["place"].as_str()),
        (Some("duplicate_key"), Some("/title"))
    );
    let problems = api
        .post_text("/flows/validate", format!("{{\"document\": {document}}}"))
        .await
        .ok();
    assert_eq!(problems["problems"][0]["place"], "/title");
    assert_eq!(api.get("/flows").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn every_problem_of_a_document_is_listed_and_nothing_is_changed() {
    let api = TestApi::new().await;
    let mut document = order_intake();
    document["steps"][0]["kind"] = "sett".into();
    document["tile"] = "x".into();
    document["webhook_tasks"][0]["method"] = "FETCH".into();
    let refused = api
        .post("/flows/import", json!({"document": document}))
        .await;
    let body = refused.refused(422, "document_invalid");
    let places: Vec<&str> = body["error"]["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|problem| problem["place"].as_str())
        .collect();
    for place in ["/steps/0/kind", "/tile", "/webhook_tasks/0/method"] {
        assert!(places.contains(&place), "{place} is not among {places:?}");
    }
    assert_eq!(api.get("/flows").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_script_that_is_no_javascript_can_be_kept_and_not_published() {
    let api = TestApi::new().await;
    let mut document = order_intake();
    let script = |code: &str| json!({"name": "enrich", "kind": "script", "code": code});
    document["steps"][0] = script("return broken");
    let problems = api
        .post("/flows/validate", json!({"document": document}))
        .await
        .ok();
    let place =
        |problem: &Value| problem["code"] == "script_syntax" && problem["place"] == "/steps/0/code";
    let problems = problems["problems"].as_array().expect("a list").clone();
    assert!(problems.iter().any(place), "{problems:#?}");
    api.post("/flows/import", json!({"document": document}))
        .await
        .ok();
    api.post("/flows/order_intake/publish", json!({}))
        .await
        .refused(422, "publish_refused");
    document["steps"][0] = script("return {email: 1}");
    let both = json!({"document": document, "publish": true});
    assert_eq!(
        api.post("/flows/import", both).await.ok()["published_version"],
        1
    );
}

#[tokio::test]
async fn what_a_later_release_brings_can_be_imported_and_not_published() {
    let api = TestApi::new().await;
    let mut document = order_intake();
    document["steps"][0] = json!({"name": "enrich", "kind": "jq", "program": ".", "value": 1});
    let both = json!({"document": document, "publish": true});
    api.post("/flows/import", both)
        .await
        .refused(422, "publish_refused");
    api.get("/flows/order_intake")
        .await
        .refused(404, "flow_not_found");

    let flow = api
        .post("/flows/import", json!({"document": document}))
        .await
        .ok();
    assert_eq!(flow["published_version"], json!(null));
    assert_eq!(flow["flow"]["state"], "off");
    api.post("/flows/order_intake/publish", json!({}))
        .await
        .refused(422, "publish_refused");
    api.post("/flows/order_intake/state", json!({"state": "live"}))
        .await
        .refused(409, "not_published");
    assert_eq!(api.host.reloads(), 0);
}

#[tokio::test]
async fn the_later_of_two_edits_gets_the_draft_as_it_is_now() {
    let api = TestApi::new().await;
    let flow = api
        .post("/flows/import", json!({"document": order_intake()}))
        .await
        .ok();
    let etag = flow["flow"]["draft_etag"].clone();
    let mut edited = order_intake();
    edited["title"] = "First".into();
    let body = json!({"document": edited, "base_etag": etag});
    let saved = api.put("/flows/order_intake/draft", body).await.ok();
    assert_ne!(saved["draft_etag"], etag);

    edited["title"] = "Second".into();
    let body = json!({"document": edited, "base_etag": etag});
    let refused = api
        .put("/flows/order_intake/draft", body)
        .await
        .refused(409, "draft_conflict");
    assert_eq!(refused["error"]["current"]["document"]["title"], "First");
    assert_eq!(
        refused["error"]["current"]["draft_etag"],
        saved["draft_etag"]
    );
}

#[tokio::test]
async fn a_draft_may_have_problems_but_no_other_name() {
    let api = TestApi::new().await;
    let flow = api
        .post("/flows/import", json!({"document": order_intake()}))
        .await
        .ok();
    let etag = flow["flow"]["draft_etag"].clone();
    let body = json!({"document": named("other"), "base_etag": etag});
    api.put("/flows/order_intake/draft", body)
        .await
        .refused(422, "document_invalid");
    let mut broken = order_intake();
    broken["steps"][1]["url"] = json!("{{ steps.nowhere.data");
    let body = json!({"document": broken, "base_etag": etag});
    let saved = api.put("/flows/order_intake/draft", body).await.ok();
    assert!(saved["errors_count"].as_u64() > Some(0), "{saved:#}");
}

#[tokio::test]
async fn an_endpoint_s_name_is_unique_in_the_workspace() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let body = json!({"document": named("second"), "publish": true});
    let refused = api
        .post("/flows/import", body)
        .await
        .refused(422, "publish_refused");
    assert_eq!(
        refused["error"]["problems"][0]["code"], "endpoint_taken",
        "{refused:#}"
    );
    assert_eq!(
        refused["error"]["problems"][0]["place"],
        "/endpoints/0/name"
    );
    let validated = api
        .post("/flows/validate", json!({"document": named("second")}))
        .await
        .ok();
    assert!(
        validated["problems"].to_string().contains("endpoint_taken"),
        "{validated:#}"
    );
}

#[tokio::test]
async fn a_copy_leaves_webhook_tasks_behind_and_says_so() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let copied = api
        .post("/flows/order_intake/copy", json!({"name": "again"}))
        .await;
    assert_eq!(copied.status, 201);
    let copied = copied.ok();
    assert_eq!(copied["state"], "off");
    assert_eq!(copied["document"].get("webhook_tasks"), None);
    assert_eq!(copied["document"]["endpoints"][0]["name"], "again_orders");
    assert!(
        copied["notes"]
            .to_string()
            .contains("Webhook tasks were not copied (1)")
    );
    assert_eq!(copied["errors_count"], 0, "{:#}", copied["problems"]);
    api.post("/flows/order_intake/copy", json!({"name": "again"}))
        .await
        .refused(409, "name_taken");
    api.post("/flows/order_intake/copy", json!({"name": "no spaces"}))
        .await
        .refused(422, "name_invalid");
}

#[tokio::test]
async fn a_flow_is_switched_and_deleted_and_the_receiver_is_told() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let paused = api
        .post("/flows/order_intake/state", json!({"state": "paused"}))
        .await
        .ok();
    assert_eq!(paused["state"], "paused");
    api.delete("/flows/order_intake").await.ok();
    assert_eq!(api.host.reloads(), 3);
    api.delete("/flows/order_intake")
        .await
        .refused(404, "flow_not_found");
}

#[tokio::test]
async fn a_version_stays_readable_after_the_draft_went_on() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let mut document = order_intake();
    document["title"] = "New".into();
    let flow = api
        .post("/flows/import", json!({"document": document}))
        .await
        .ok();
    assert_eq!(
        (&flow["created"], &flow["flow"]["draft_changed"]),
        (&json!(false), &json!(true))
    );
    let first = api.get("/flows/order_intake?version=1").await.ok();
    assert_eq!(first["document"]["title"], "Order intake");
    api.get("/flows/order_intake?version=2")
        .await
        .refused(404, "version_not_found");
    api.get("/flows/order_intake/export?version=2")
        .await
        .refused(404, "version_not_found");
    let published = api
        .post("/flows/order_intake/publish", json!({}))
        .await
        .ok();
    assert_eq!(published["version"], 2);
}

#[tokio::test]
async fn a_flow_may_be_called_like_an_operation() {
    let api = TestApi::new().await;
    for name in ["import", "validate"] {
        let mut document = named(name);
        document["endpoints"][0]["name"] = name.into();
        api.post("/flows/import", json!({"document": document}))
            .await
            .ok();
        assert_eq!(api.get(&format!("/flows/{name}")).await.ok()["name"], name);
        api.delete(&format!("/flows/{name}")).await.ok();
    }
}

#[tokio::test]
async fn the_schema_and_the_description_are_there() {
    let api = TestApi::new().await;
    assert!(api.get("/schema/flow").await.ok()["properties"].is_object());
    assert_eq!(
        api.get("/openapi.json").await.ok(),
        crate::openapi::description()
    );
}

#[tokio::test]
async fn the_schedules_of_a_flow_are_listed_with_their_next_ten_times() {
    let api = TestApi::new().await;
    let mut document = order_intake();
    document["schedules"] = serde_json::json!([
        {"name": "nightly", "cron": "30 2 * * *", "time_zone": "Europe/Berlin", "missed": "run_once"},
        {"name": "off", "cron": "0 0 1 1 *", "enabled": false},
    ]);
    let body = serde_json::json!({"document": document, "publish": true});
    api.post("/flows/import", body).await.ok();
    let listed = api.get("/flows/order_intake/schedules").await.ok();
    let nightly = &listed["items"][0];
    assert_eq!(nightly["active"], true);
    assert_eq!(nightly["missed"], "run_once");
    let next = nightly["next"].as_array().expect("times");
    assert_eq!(next.len(), 10);
    assert!(
        next.iter()
            .all(|at| at.as_str().is_some_and(|at| at.ends_with(":30:00.000Z"))),
        "{next:?}"
    );
    assert_eq!(listed["items"][1]["active"], false);
    assert_eq!(listed["items"][1]["time_zone"], "UTC");
    api.get("/flows/nowhere/schedules")
        .await
        .refused(404, "flow_not_found");
}
