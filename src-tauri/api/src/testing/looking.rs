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
