//! Inbound requests.

use hookloom_engine::ports::{Arrival, Inbox};
use hookloom_model::request::{Reason, RequestRecord};
use hookloom_model::{FlowId, RequestId, Verdict};
use serde_json::json;

use super::documents::order_intake;
use super::{NOW_MS, TestApi};

fn record(flow_id: FlowId, n: u8, verdict: Verdict) -> RequestRecord {
    RequestRecord {
        id: RequestId::new(NOW_MS, [n; 10]),
        at_ms: NOW_MS,
        endpoint: "orders".into(),
        flow_id,
        method: "POST".into(),
        path: "/api/webhook/local/order_intake?key=••••".into(),
        remote_address: "127.0.0.1".into(),
        headers: vec![("content-type".into(), "application/json".into())],
        sealed_headers: None,
        way: None,
        body: br#"{"total": 7}"#.to_vec(),
        files: Vec::new(),
        body_bytes: 12,
        body_sha256: Some("00".repeat(32)),
        verdict,
        status: 200,
        reason: None,
    }
}

async fn with_requests() -> TestApi {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    let flow = api.post("/flows/import", body).await.ok();
    let flow_id = FlowId(flow["flow"]["id"].as_i64().expect("an id"));
    let held = Arrival {
        record: Some(record(flow_id, 1, Verdict::Held)),
        idempotency_key: None,
        start: None,
    };
    api.store.accept(held).await.expect("it is kept");
    let reason = Reason {
        code: "wrong_key".into(),
        message: "The shared key is wrong".into(),
    };
    let rejected = RequestRecord {
        status: 401,
        reason: Some(reason),
        body: Vec::new(),
        ..record(flow_id, 2, Verdict::Rejected)
    };
    api.store.record_rejected(rejected);
    api
}

/// Rejected requests are written off the hot path.
async fn wait_for_two(api: &TestApi) -> serde_json::Value {
    for _ in 0..200 {
        let listed = api.get("/requests").await.ok();
        if listed["items"].as_array().map(Vec::len) == Some(2) {
            return listed;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the rejected request is not listed");
}

#[tokio::test]
async fn requests_are_listed_with_their_reasons_and_filtered() {
    let api = with_requests().await;
    let listed = wait_for_two(&api).await;
    assert_eq!(listed["items"][0]["flow"], "order_intake");
    let rejected = api
        .get("/requests?verdict=rejected&endpoint=orders")
        .await
        .ok();
    assert_eq!(rejected["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(rejected["items"][0]["reason_code"], "wrong_key");
    assert_eq!(
        api.get("/requests?flow=nowhere").await.ok()["items"],
        json!([])
    );
    assert_eq!(api.get("/requests/counted").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_request_is_shown_with_its_body_and_what_was_checked() {
    let api = with_requests().await;
    wait_for_two(&api).await;
    let id = RequestId::new(NOW_MS, [1; 10]);
    let held = api.get(&format!("/requests/{id}")).await.ok();
    assert_eq!(
        held["body"],
        json!({"text": "{\"total\": 7}", "base64": null, "truncated": false, "kind": "json"})
    );
    assert_eq!(held["content_type"], "application/json");
    assert_eq!(held["checks"][5]["ok"], false);

    let id = RequestId::new(NOW_MS, [2; 10]);
    let rejected = api.get(&format!("/requests/{id}")).await.ok();
    assert_eq!(rejected["checks"][2]["name"], "authentication");
    assert_eq!(rejected["checks"][2]["message"], "The shared key is wrong");
    assert_eq!(rejected["checks"][3]["ok"], json!(null));

    let unknown = RequestId::new(1, [7; 10]);
    api.get(&format!("/requests/{unknown}"))
        .await
        .refused(404, "request_not_found");
    api.get("/requests/17")
        .await
        .refused(404, "request_not_found");
}

#[tokio::test]
async fn a_held_request_begins_its_job_when_it_is_replayed_and_a_rejected_one_never() {
    let api = with_requests().await;
    wait_for_two(&api).await;
    let rejected = api.get("/requests?verdict=rejected").await.ok();
    let held = api.get("/requests?verdict=held").await.ok();
    let path = |id: &str| format!("/requests/{id}/replay");
    let id = rejected["items"][0]["id"].as_str().expect("an id");
    api.post(&path(id), json!({}))
        .await
        .refused(409, "replay_refused");
    let held = held["items"][0]["id"].as_str().expect("an id").to_owned();
    api.post(&path(&held), json!({"version": "original"}))
        .await
        .refused(409, "replay_refused");
    let started = api.post(&path(&held), json!({})).await.ok();
    let request = api.get(&format!("/requests/{held}")).await.ok();
    assert_eq!(request["job_id"], started["job_id"]);
    let job = api.get(&format!("/jobs/{}", started["job_id"])).await.ok();
    assert_eq!(job["replayed_request_id"], json!(held));
    api.post(&path("mqr_1"), json!({}))
        .await
        .refused(404, "request_not_found");
}
