//! Views, the look at a task's message, and statistics.

use serde_json::json;

use super::TestApi;
use super::documents::order_intake;

#[tokio::test]
async fn views_are_saved_listed_and_deleted_by_their_names() {
    let api = TestApi::new().await;
    let view = json!({"list": "jobs", "filter": {"status": "failed", "flow": "shop"}});
    api.put("/views/Failed%20ones", view.clone()).await.ok();
    let listed = api.get("/views").await.ok();
    assert_eq!(listed["views"][0]["name"], "Failed ones");
    assert_eq!(listed["views"][0]["filter"], view["filter"]);
    let other = json!({"list": "requests", "filter": {}});
    api.put("/views/Failed%20ones", other).await.ok();
    let listed = api.get("/views").await.ok();
    assert_eq!(listed["views"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["views"][0]["list"], "requests");
    api.put("/views/%20x", view.clone())
        .await
        .refused(422, "name_invalid");
    let long = json!({"list": "jobs", "filter": {"search": "x".repeat(9_000)}});
    api.put("/views/long", long)
        .await
        .refused(422, "value_invalid");
    api.delete("/views/Failed%20ones").await.ok();
    api.delete("/views/Failed%20ones")
        .await
        .refused(404, "view_not_found");
}

#[tokio::test]
async fn there_are_only_so_many_views() {
    let api = TestApi::new().await;
    let view = json!({"list": "jobs", "filter": {}});
    for n in 0..200 {
        api.put(&format!("/views/v{n}"), view.clone()).await.ok();
    }
    api.put("/views/one_more", view.clone())
        .await
        .refused(422, "too_many");
    api.put("/views/v7", view).await.ok();
}

#[tokio::test]
async fn a_task_is_looked_at_though_another_part_of_the_draft_is_broken() {
    let api = TestApi::new().await;
    let mut document = order_intake();
    let body = json!({"document": document, "publish": true});
    api.post("/flows/import", body).await.ok();
    let mut task = document["webhook_tasks"][0].clone();
    task["name"] = "New one".into();
    document["steps"][0]["kind"] = "no such kind".into();
    let asked = json!({"flow": "order_intake", "document": document, "task": task});
    let shown = api.post("/tasks/preview", asked).await.ok();
    assert_eq!(shown["url"], "https://tasks.example/0");
    assert_eq!(shown["signature_header"], "x-webhook-signature: t=1");
    assert_eq!(shown["job_id"], json!(null));
    let started = api.post("/flows/order_intake/run", json!({})).await.ok();
    let asked = json!({"flow": "order_intake", "task": task});
    let shown = api.post("/tasks/preview", asked).await.ok();
    assert_eq!(shown["job_id"], started["job_id"]);
    task["url"] = 7.into();
    let asked = json!({"flow": "order_intake", "task": task});
    api.post("/tasks/preview", asked)
        .await
        .refused(422, "publish_refused");
    let asked = json!({"flow": "order_intake", "task": document["webhook_tasks"][0], "job_id": 99});
    api.post("/tasks/preview", asked)
        .await
        .refused(404, "job_not_found");
}

#[tokio::test]
async fn statistics_of_nothing_are_whole_and_empty() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let hour = api.get("/statistics").await.ok();
    assert_eq!(hour["buckets"].as_array().map(Vec::len), Some(60));
    assert_eq!(hour["flows"][0]["success_share"], json!(null));
    assert_eq!(hour["endpoints"][0]["endpoint"], "orders");
    assert_eq!(hour["endpoints"][0]["last_request_at"], json!(null));
    let day = api.get("/statistics?span=day&flow=order_intake").await.ok();
    assert_eq!(day["buckets"].as_array().map(Vec::len), Some(96));
    api.get("/statistics?flow=nowhere")
        .await
        .refused(404, "flow_not_found");
    api.get("/statistics?span=year")
        .await
        .refused(400, "bad_request");
}

#[tokio::test]
async fn a_job_that_ended_is_counted_where_it_belongs() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    for _ in 0..3 {
        api.post("/flows/order_intake/run", json!({})).await.ok();
    }
    api.post("/jobs/2/cancel", json!({})).await.ok();
    let hour = api.get("/statistics").await.ok();
    assert_eq!(hour["flows"][0]["jobs"]["canceled"], 1);
    assert_eq!(
        hour["flows"][0]["success_share"],
        json!(null),
        "a canceled job says nothing"
    );
    assert_eq!(hour["flows"][0]["last_job"]["id"], 3);
    assert_eq!(hour["buckets"][59]["jobs"]["canceled"], 1);
}

#[tokio::test]
async fn alert_rules_are_set_listed_and_deleted_and_what_makes_no_sense_is_refused() {
    let api = TestApi::new().await;
    let rule = json!({"kind": "error_share", "flow": "shop", "threshold": 0.5, "window_minutes": 5, "minimum": 3});
    api.put("/alert_rules/Shop%20fails", rule.clone())
        .await
        .ok();
    let listed = api.get("/alert_rules").await.ok();
    assert_eq!(
        listed["rules"],
        json!([{"name": "Shop fails", "kind": "error_share", "flow": "shop", "endpoint": null, "threshold": 0.5,
                "window_minutes": 5, "minimum": 3, "is_enabled": true}])
    );
    for change in [
        json!({"threshold": 0.0}),
        json!({"threshold": 1.5}),
        json!({"threshold": null}),
        json!({"window_minutes": 0}),
        json!({"window_minutes": 1441}),
        json!({"kind": "spike", "threshold": 1.0}),
    ] {
        let mut bad = rule.clone();
        for (name, value) in change.as_object().expect("fields") {
            bad[name] = value.clone();
        }
        api.put("/alert_rules/bad", bad)
            .await
            .refused(422, "value_invalid");
    }
    api.put("/alert_rules/%20bad", rule)
        .await
        .refused(422, "name_invalid");
    api.delete("/alert_rules/Shop%20fails").await.ok();
    api.delete("/alert_rules/Shop%20fails")
        .await
        .refused(404, "alert_rule_not_found");
    assert_eq!(api.get("/alerts").await.ok()["alerts"], json!([]));
    api.post("/alerts/7/seen", json!({}))
        .await
        .refused(404, "alert_not_found");
}

#[tokio::test]
async fn an_alert_is_told_once_and_seen() {
    use hookloom_engine::ports::{AlertKind, AlertRule, Alerts as _, NewAlert};
    let api = TestApi::new().await;
    let rule = AlertRule {
        name: "quiet".into(),
        kind: AlertKind::Silence,
        flow: None,
        endpoint: None,
        threshold: 0.0,
        window_minutes: 1,
        minimum: 0,
        is_enabled: true,
    };
    for _ in 0..2 {
        let alert = NewAlert {
            rule: rule.clone(),
            began_at_ms: 1_795_306_812_000,
            message: "It is quiet.".into(),
        };
        api.store.begin(alert).await.expect("there is room");
    }
    let listed = api.get("/alerts").await.ok();
    assert_eq!(
        listed["alerts"].as_array().map(Vec::len),
        Some(1),
        "{listed}"
    );
    assert_eq!(listed["alerts"][0]["seen"], false);
    api.post("/alerts/1/seen", json!({})).await.ok();
    api.store
        .end(1, 1_795_306_900_000)
        .await
        .expect("there is room");
    let listed = api.get("/alerts").await.ok();
    assert_eq!(listed["alerts"][0]["seen"], true);
    assert_eq!(listed["alerts"][0]["ended_at"], "2026-11-22T00:21:40.000Z");
}

#[tokio::test]
async fn a_search_finds_what_is_shown_and_goes_on_where_it_ended() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    for _ in 0..3 {
        api.post("/flows/order_intake/run", json!({})).await.ok();
    }
    for id in [1, 3] {
        api.post(&format!("/jobs/{id}/cancel"), json!({}))
            .await
            .ok();
    }
    let ids = |listed: &serde_json::Value| -> Vec<i64> {
        let items = listed["items"].as_array().expect("items").iter();
        items
            .map(|job| job["id"].as_i64().expect("an id"))
            .collect()
    };
    let found = api.get("/jobs?search=WAS%20canceled").await.ok();
    assert_eq!(ids(&found), [3, 1]);
    assert_eq!(
        (&found["next"], found["scanned_to"].is_string()),
        (&json!(null), true)
    );
    let first = api.get("/jobs?search=canceled&limit=1").await.ok();
    assert_eq!(ids(&first), [3]);
    let before = first["next"].as_str().expect("there is more");
    let path = format!("/jobs?search=canceled&limit=1&before={before}");
    let second = api.get(&path).await.ok();
    assert_eq!((ids(&second), &second["next"]), (vec![1], &json!(null)));
    assert_eq!(
        ids(&api.get("/jobs/expanded?search=canceled").await.ok()),
        [3, 1]
    );
    assert!(ids(&api.get("/jobs?search=exploded").await.ok()).is_empty());
    assert_eq!(api.get("/jobs").await.ok()["scanned_to"], json!(null));
    api.get("/jobs?search=").await.refused(400, "bad_request");
}

#[tokio::test]
async fn a_public_url_is_reached_when_the_request_arrives_and_not_when_somebody_answers() {
    let api = TestApi::new().await;
    let check = async || api.post("/public_url/check", json!({})).await;
    check().await.refused(422, "value_invalid");
    let set = json!({"public_url": "https://hooks.shop.example/in"});
    api.call("PATCH", "/settings", Some(set)).await.ok();
    assert_eq!(check().await.ok()["status"], "reached");
    let sent = api.http.sent.lock().pop().expect("it was sent");
    assert!(
        sent.url
            .as_str()
            .starts_with("https://hooks.shop.example/in/check/"),
        "{}",
        sent.url
    );
    api.host
        .is_elsewhere
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let checked = check().await.ok();
    assert_eq!(checked["status"], "other_answered");
    assert!(
        checked["detail"].to_string().contains("status 200"),
        "{checked}"
    );
}
