//! Webhook tasks beside the document, and the routes under `/v4`.

use http::StatusCode;
use serde_json::json;

use super::TestApi;
use super::documents::order_intake;

async fn published() -> TestApi {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    api
}

#[tokio::test]
async fn a_task_is_tested_with_the_sample_that_was_given() {
    let api = published().await;
    let body = json!({"task": "Tell Slack", "sample": {"steps": {"ship": {"data": 5}}}});
    let tested = api.post("/flows/order_intake/tasks/test", body).await.ok();
    assert_eq!(tested["delivered"], true);
    assert_eq!(tested["response"]["status"], 204);
    assert_eq!(
        tested["response"]["headers"][0]["value"],
        r#"{"steps":{"ship":{"data":5}}}"#
    );
    let refused = api
        .post("/flows/order_intake/tasks/test", json!({"task": "Nobody"}))
        .await;
    let body = refused.refused(404, "task_not_found");
    assert!(
        body["error"]["message"]
            .as_str()
            .is_some_and(|it| it.contains("`Nobody`"))
    );
}

#[tokio::test]
async fn a_task_of_a_draft_with_problems_is_not_tested() {
    let api = published().await;
    let mut draft = order_intake();
    draft["webhook_tasks"][0]["method"] = "FETCH".into();
    let etag = api.get("/flows/order_intake").await.ok()["draft_etag"].clone();
    let body = json!({"document": draft, "base_etag": etag});
    api.call("PUT", "/flows/order_intake/draft", Some(body))
        .await
        .ok();
    let refused = api
        .post(
            "/flows/order_intake/tasks/test",
            json!({"task": "Tell Slack"}),
        )
        .await;
    refused.refused(422, "publish_refused");
}

#[tokio::test]
async fn a_task_is_switched_off_and_on_beside_the_document() {
    let api = published().await;
    let path = "/flows/order_intake/tasks/state";
    for enabled in [false, true] {
        let body = json!({"task": "Tell Slack", "enabled": enabled});
        let flow = api.post(path, body).await.ok();
        assert_eq!(flow["webhook_tasks"][0]["enabled"], enabled);
        assert_eq!(flow["version"], 1, "the document stays as it is");
    }
    let unknown = api
        .post(path, json!({"task": "Nobody", "enabled": true}))
        .await;
    unknown.refused(404, "task_not_found");
}

#[tokio::test]
async fn a_job_group_computes_one_output_and_tells_how_it_stands() {
    let api = published().await;
    let flows = api.get("/flows").await.ok();
    let output = flows["items"][0]["outputs"][0]["id"].clone();
    let body = json!({"wrangledDataset": {"id": output}, "runParameters": {}});
    for path in ["/v4/jobGroups", "/v4/jobGroups/"] {
        let started = api.call_at("POST", path, Some(body.clone())).await;
        assert_eq!(started.status, StatusCode::CREATED);
        let started = started.ok();
        assert_eq!(started["reason"], "JobStarted");
        assert_eq!(started["jobs"]["data"][0]["id"], started["id"]);
        let id = started["id"].as_i64().expect("a job");
        let status = api
            .call_at("GET", &format!("/v4/jobGroups/{id}/status"), None)
            .await;
        assert_eq!(status.ok(), json!("Created"));
        let job = api
            .call_at("GET", &format!("/v4/jobGroups/{id}/"), None)
            .await
            .ok();
        assert_eq!(job["status"], "Created");
        let asked = api.get(&format!("/jobs/{id}/journal")).await.ok();
        assert!(
            asked.to_string().contains(r#""outputs":["summary"]"#),
            "{asked}"
        );
    }
    let unknown = json!({"wrangledDataset": {"id": 4711}});
    let unknown = api.call_at("POST", "/v4/jobGroups", Some(unknown)).await;
    unknown.refused(404, "output_unknown");
    let job = api.call_at("GET", "/v4/jobGroups/4711/status", None).await;
    job.refused(404, "job_not_found");
}

#[tokio::test]
async fn an_output_of_a_deleted_flow_starts_nothing_of_the_flow_that_took_its_name() {
    let api = published().await;
    let flows = api.get("/flows").await.ok();
    let output = flows["items"][0]["outputs"][0]["id"].clone();
    let flow = flows["items"][0]["id"].clone();
    api.call("DELETE", "/flows/order_intake", None).await.ok();
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let body = json!({"wrangledDataset": {"id": output}});
    let gone = api.call_at("POST", "/v4/jobGroups", Some(body)).await;
    gone.refused(404, "output_unknown");
    let gone = api
        .call_at("POST", &format!("/v4/flows/{flow}/run"), None)
        .await;
    gone.refused(404, "flow_not_found");
    let flow = api.get("/flows").await.ok()["items"][0]["id"].clone();
    let run = api
        .call_at("POST", &format!("/v4/flows/{flow}/run/"), None)
        .await;
    assert_eq!(run.ok()["reason"], "JobStarted");
}
