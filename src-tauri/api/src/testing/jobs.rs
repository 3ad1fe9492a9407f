//! Jobs and deliveries, from their journal.

use axum::body::Body;
use hookloom_engine::ports::{
    AttemptEnd, AttemptResult, Commit, Journal, NewDelivery, Outbox, SecretStateChange, Timings,
};
use hookloom_model::journal::{Event, JournalEntry, RecordedError, SentRequest, ValueRef};
use hookloom_model::{DeliveryId, DeliveryStatus, JobId, JobStatus, StepExecutionId};
use hookloom_sensitive::MASK;
use http::Request;
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::documents::order_intake;
use super::{HOST, NOW_MS, OWNER_TOKEN, TestApi};

/// A flow with one job that went wrong once, ended well and told somebody.
pub(super) async fn with_a_job() -> (TestApi, JobId, DeliveryId) {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    api.put("/secrets/shop_token", json!({"value": "hunter2hunter2"}))
        .await
        .ok();
    let input = json!({"customer": {"email": "a@b.example"}, "total": 7});
    let started = api
        .post("/flows/order_intake/run", json!({"input": input}))
        .await;
    assert_eq!(started.status, 202);
    let job_id = JobId(started.ok()["job_id"].as_i64().expect("an id"));
    let delivery = DeliveryId::new(NOW_MS, [5; 10]);
    commit(&api, job_id, delivery).await;
    (api, job_id, delivery)
}

fn events() -> Vec<Event> {
    let execution = StepExecutionId::new(NOW_MS, [3; 10]);
    let step = "ship".to_owned();
    let events = [
        Event::JobStarted {},
        finished("enrich", json!({"email": "a@b.example", "total": 7}), None),
        Event::StepStarted {
            step: step.clone(),
            execution,
            attempt: 1,
        },
        Event::StepRetrying {
            step: step.clone(),
            attempt: 1,
            error: RecordedError {
                code: "http_status".into(),
                message: "503".into(),
            },
            retry_at_ms: NOW_MS + 1_000,
            sent: Some(sent()),
            logs: Vec::new(),
        },
        Event::StepStarted {
            step,
            execution,
            attempt: 2,
        },
        finished(
            "ship",
            json!({"status": 200, "body": "x".repeat(2_000_000)}),
            Some(sent()),
        ),
        Event::JobFinished {
            status: JobStatus::Complete,
            error: None,
        },
    ];
    let events = events.into_iter().flat_map(|event| match event {
        Event::StepFinished { ref step, .. } if step == "enrich" => vec![
            Event::StepStarted {
                step: step.clone(),
                execution,
                attempt: 1,
            },
            event,
        ],
        other => vec![other],
    });
    events.collect()
}

async fn commit(api: &TestApi, job_id: JobId, delivery: DeliveryId) {
    let entry = |(seq, event)| JournalEntry {
        seq,
        at_ms: NOW_MS + 10,
        event,
    };
    let commit = Commit {
        job_id,
        entries: (1..).zip(events()).map(entry).collect(),
        status: JobStatus::Complete,
        waiting_until_ms: None,
        error: None,
        blobs: Vec::new(),
        secret_state: SecretStateChange::Keep,
        deliveries: vec![NewDelivery {
            id: delivery,
            task: "Tell Slack".into(),
            event: "job_finished".into(),
            output: None,
            method: "POST".into(),
            url: "https://hooks.slack.example/{{secrets.slack_path | path}}".into(),
            attempts_max: 8,
            validate_ssl: true,
            due_at_ms: NOW_MS + 10,
        }],
    };
    api.store.commit(commit).await.expect("the events fit");
}

fn finished(step: &str, data: Value, sent: Option<SentRequest>) -> Event {
    Event::StepFinished {
        step: step.into(),
        attempt: if step == "ship" { 2 } else { 1 },
        exit_code: "success".into(),
        data: ValueRef::Inline(data),
        error: None,
        memory: IndexMap::from([("note".to_owned(), ValueRef::Inline(json!("hello")))]),
        memory_removed: Vec::new(),
        secret_state_put: Vec::new(),
        secret_state_removed: Vec::new(),
        sent,
        logs: Vec::new(),
    }
}

/// As if the engine had forgotten to mask.
fn sent() -> SentRequest {
    SentRequest {
        method: "POST".into(),
        url: "https://shop.example/api/ship".into(),
        headers: vec![("authorization".into(), "Bearer hunter2hunter2".into())],
        body: "{}".into(),
        body_truncated: false,
    }
}

#[tokio::test]
async fn a_job_is_shown_with_its_attempts_outputs_and_memory() {
    let (api, id, _) = with_a_job().await;
    let job = api.get(&format!("/jobs/{id}")).await.ok();
    assert_eq!(
        (&job["status"], &job["trigger"]),
        (&json!("complete"), &json!("manual"))
    );
    assert_eq!(job["steps"][0]["name"], "enrich");
    let ship = &job["steps"][1];
    assert_eq!(ship["attempts"][0]["status"], "failed");
    assert_eq!(ship["attempts"][0]["error"]["code"], "http_status");
    assert_eq!(ship["attempts"][1]["status"], "complete");
    assert_eq!(
        ship["data_truncated"], true,
        "two megabytes are more than the limit"
    );
    assert!(
        ship["data"]
            .as_str()
            .is_some_and(|text| text.starts_with("{\"status\":200"))
    );
    assert_eq!(job["outputs"][0]["name"], "summary");
    assert_eq!(job["memory"]["note"], "hello");
    assert_eq!(job["memory"]["requestBody"]["total"], 7);
    assert_eq!(job["deliveries"][0]["task"], "Tell Slack");
    assert_eq!(
        job["deliveries"][0]["signature_header"],
        "X-Webhook-Signature"
    );
}

#[tokio::test]
async fn a_secret_that_slipped_into_the_record_is_masked_in_every_answer() {
    let (api, id, _) = with_a_job().await;
    for path in [format!("/jobs/{id}"), format!("/jobs/{id}/journal")] {
        let text = api.get(&path).await.ok().to_string();
        assert!(!text.contains("hunter2"), "{path}");
        assert!(text.contains("••••"), "{path}");
    }
}

#[tokio::test]
async fn jobs_are_listed_by_page_and_filter_with_the_counts_of_their_deliveries() {
    let (api, first, _) = with_a_job().await;
    for _ in 0..2 {
        api.post("/flows/order_intake/run", json!({})).await.ok();
    }
    let page = api.get("/jobs?limit=2").await.ok();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
    let next = page["next"].as_str().expect("there is more");
    let rest = api.get(&format!("/jobs?limit=2&before={next}")).await.ok();
    assert_eq!(rest["items"][0]["id"], first.0);
    assert_eq!(
        rest["items"][0]["deliveries"],
        json!({"total": 1, "delivered": 0, "failed": 0, "open": 1})
    );
    assert_eq!(rest["next"], json!(null));
    let queued = api.get("/jobs?status=queued&flow=order_intake").await.ok();
    assert_eq!(queued["items"].as_array().map(Vec::len), Some(2));
    api.get("/jobs?status=done")
        .await
        .refused(400, "bad_request");
    api.get("/jobs?limit=0").await.refused(400, "bad_request");
    api.get("/jobs/99").await.refused(404, "job_not_found");
    api.get("/jobs/x").await.refused(400, "bad_request");
}

#[tokio::test]
async fn a_chain_of_jobs_that_start_jobs_ends() {
    let (api, JobId(id), _) = with_a_job().await;
    let started = |path: String, depth: &'static str| {
        let request = Request::post(format!("/api/v1{path}"))
            .header("host", HOST)
            .header("authorization", format!("Bearer {OWNER_TOKEN}"))
            .header("content-type", "application/json")
            .header("x-hookloom-depth", depth)
            .body(Body::from("{}"));
        api.over_tcp(request.expect("a request"))
    };
    let run = || "/flows/order_intake/run".to_owned();
    let job = started(run(), "15").await.ok()["job_id"].as_i64();
    let stored = Journal::load(&api.store, JobId(job.expect("an id"))).await;
    let first = stored.expect("it is there").entries.remove(0);
    assert!(
        matches!(first.event, Event::JobQueued { depth: 15, .. }),
        "{first:?}"
    );
    let again = ["replay", "continue"].map(|what| format!("/jobs/{id}/{what}"));
    for path in again.into_iter().chain([run()]) {
        started(path, "16").await.refused(508, "loop_detected");
    }
}

#[tokio::test]
async fn what_a_step_found_is_masked_and_cut() {
    let (api, JobId(id), _) = with_a_job().await;
    let found = api.get(&format!("/jobs/{id}/steps/ship/input")).await.ok();
    assert_eq!(found["values"]["order"], json!(["ship", MASK]));
    let beginning = found["values"]["steps"].as_str().expect("a text");
    assert!(beginning.starts_with(r#"{"before""#) && !beginning.contains("hunter2"));
    assert_eq!(found["truncated"], json!(["archive", "steps"]));
    api.get(&format!("/jobs/{id}/steps/no_step/input"))
        .await
        .refused(422, "step_unknown");
    api.get("/jobs/99/steps/ship/input")
        .await
        .refused(404, "job_not_found");
    api.get("/jobs/nine/steps/ship/input")
        .await
        .refused(400, "bad_request");
}

#[tokio::test]
async fn the_journal_is_paged_from_its_end() {
    let (api, id, _) = with_a_job().await;
    let all = api.get(&format!("/jobs/{id}/journal")).await.ok();
    let count = all["items"].as_array().map(Vec::len).expect("entries");
    assert_eq!(all["items"][0]["event"]["type"], "job_finished");
    let page = api.get(&format!("/jobs/{id}/journal?limit=3")).await.ok();
    let next = page["next"].as_str().expect("there is more");
    let rest = api
        .get(&format!("/jobs/{id}/journal?before={next}"))
        .await
        .ok();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(count - 3));
    assert_eq!(rest["items"][count - 4]["event"]["type"], "job_queued");
    api.get("/jobs/99/journal")
        .await
        .refused(404, "job_not_found");
}

#[tokio::test]
async fn a_delivery_is_shown_with_its_exchange_and_sent_again_under_a_new_id() {
    let (api, job, id) = with_a_job().await;
    let begun = api
        .store
        .begin(vec![id], NOW_MS + 20)
        .await
        .expect("it is due");
    assert_eq!(begun, [id]);
    let end = AttemptEnd {
        delivery_id: id,
        started_at_ms: NOW_MS + 20,
        ended_at_ms: NOW_MS + 45,
        sent: Some(sent()),
        result: AttemptResult {
            http_status: Some(500),
            headers: vec![("x-echo".into(), "hunter2hunter2".into())],
            body: "no".into(),
            body_bytes: 2,
            body_truncated: false,
            error: Some(RecordedError {
                code: "http_status".into(),
                message: "500".into(),
            }),
            timings: Timings {
                answer_ms: Some(20),
                ..Timings::default()
            },
            certificate: None,
        },
        status: DeliveryStatus::Waiting,
        next_attempt_at_ms: Some(NOW_MS + 5_000),
        counts: true,
        disable_task: None,
    };
    api.store.end(end).await.expect("the attempt ends");
    let delivery = api.get(&format!("/deliveries/{id}")).await.ok();
    assert_eq!(delivery["status"], "waiting");
    let attempt = &delivery["attempts"][0];
    assert_eq!(
        (&attempt["http_status"], &attempt["duration_ms"]),
        (&json!(500), &json!(25))
    );
    assert_eq!(attempt["request"]["headers"][0]["value"], "Bearer ••••");
    assert_eq!(attempt["response"]["headers"][0]["value"], "••••");

    let listed = api
        .get(&format!("/deliveries?job={job}&status=waiting"))
        .await
        .ok();
    assert_eq!(
        listed["items"][0]["attempts"][0]["request"],
        json!(null),
        "lists are light"
    );

    let again = api
        .post(&format!("/deliveries/{id}/resend"), json!({}))
        .await;
    assert_eq!(again.status, 201);
    let again = again.ok();
    assert_eq!(again["resend_of"], id.to_string());
    assert_ne!(again["id"], id.to_string());
    let unknown = DeliveryId::new(1, [1; 10]);
    api.post(&format!("/deliveries/{unknown}/resend"), json!({}))
        .await
        .refused(404, "delivery_not_found");
    api.get("/deliveries/dlv_1")
        .await
        .refused(404, "delivery_not_found");
}

#[tokio::test]
async fn only_a_published_flow_can_be_run() {
    let api = TestApi::new().await;
    api.post("/flows/import", json!({"document": order_intake()}))
        .await
        .ok();
    api.post("/flows/order_intake/run", json!({}))
        .await
        .refused(409, "not_published");
    api.post("/flows/nowhere/run", json!({}))
        .await
        .refused(404, "flow_not_found");
}

#[tokio::test]
async fn a_job_is_canceled_once_and_an_ended_one_is_refused() {
    let (api, ended, _) = with_a_job().await;
    api.post(&format!("/jobs/{ended}/cancel"), json!({}))
        .await
        .refused(409, "job_ended");
    let queued = api.post("/flows/order_intake/run", json!({})).await.ok();
    let path = format!("/jobs/{}/cancel", queued["job_id"]);
    for _ in 0..2 {
        let job = api.post(&path, json!({})).await.ok();
        assert_eq!(job["status"], "canceled");
        assert_eq!(job["error"]["code"], "canceled");
    }
    api.post("/jobs/99/cancel", json!({}))
        .await
        .refused(404, "job_not_found");
}

#[tokio::test]
async fn a_job_is_replayed_on_its_own_version_or_on_todays_and_not_without_its_flow() {
    let (api, ended, _) = with_a_job().await;
    let mut changed = order_intake();
    changed["title"] = json!("Another title");
    let body = json!({"document": changed, "publish": true});
    api.post("/flows/import", body).await.ok();
    let path = format!("/jobs/{ended}/replay");
    for (options, version) in [
        (json!({}), 1),
        (json!({"version": "original", "input": null}), 1),
        (json!({"version": "published", "input": {"total": 8}}), 2),
    ] {
        let started = api.post(&path, options).await;
        assert_eq!(started.status, 202);
        let job = api
            .get(&format!("/jobs/{}", started.ok()["job_id"]))
            .await
            .ok();
        assert_eq!(
            (&job["version"], &job["trigger"]),
            (&json!(version), &json!("replay"))
        );
        assert_eq!(job["replay_of"], ended.0);
        api.post(&format!("/jobs/{}/cancel", job["id"]), json!({}))
            .await
            .ok();
    }
    api.post(&path, json!({"version": "newest"}))
        .await
        .refused(400, "bad_request");
    api.post("/jobs/99/replay", json!({}))
        .await
        .refused(404, "job_not_found");
    api.post("/jobs/99/continue", json!({}))
        .await
        .refused(404, "job_not_found");
    assert_eq!(api.delete("/flows/order_intake").await.status, 204);
    api.post(&path, json!({}))
        .await
        .refused(409, "replay_refused");
}

#[tokio::test]
async fn jobs_are_listed_in_the_shape_that_each_has_by_itself() {
    let (api, job_id, _) = with_a_job().await;
    for _ in 0..2 {
        api.post("/flows/order_intake/run", json!({})).await.ok();
    }
    let page = api.get("/jobs/expanded?limit=2").await.ok();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
    let next = page["next"].as_str().expect("there is one more");
    let rest = api.get(&format!("/jobs/expanded?before={next}")).await.ok();
    let alone = api.get(&format!("/jobs/{}", job_id.0)).await.ok();
    assert_eq!(
        (&rest["items"], &rest["next"]),
        (&json!([alone]), &Value::Null)
    );
    let none = api.get("/jobs/expanded?flow=other").await.ok();
    assert_eq!(none["items"], json!([]));
}
