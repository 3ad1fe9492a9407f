//! Values: memory of the trigger, data of steps, variables, large values.

use hookloom_model::JobStatus;
use hookloom_model::journal::{Event, INLINE_BYTES_MAX, STEP_DATA_BYTES_MAX, ValueRef};
use hookloom_model::request::{RequestRecord, sealed_headers_context};
use hookloom_model::{RequestId, TriggerKind, Verdict};
use hookloom_sensitive::SealKey;
use serde_json::{Value, json};

use crate::Engine;
use crate::ports::{Arrival, Clock as _, JobStart};
use crate::testing::{BEGIN_MS, FLOW, Reply, Rig};

fn flow(steps: Value) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "vars": {"shop": "default", "other": "from the flow"},
        "endpoints": [{
            "name": "orders", "auth": {"kind": "none"},
            "header_memory": "requestHeaders", "body_memory": "requestBody", "query_memory": "requestQuery",
        }],
        "steps": steps,
    })
}

fn send(body: &str) -> Value {
    flow(json!([{
        "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
        "headers": {"Content-Type": "application/json"}, "body": body,
    }]))
}

pub(super) fn arrival(body: &str) -> Arrival {
    let id = RequestId::new(BEGIN_MS, [3; 10]);
    let key = SealKey::from_bytes([7; 32]);
    let credentials = json!({"authorization": "Bearer top-secret-token"}).to_string();
    Arrival {
        idempotency_key: None,
        record: Some(RequestRecord {
            id,
            at_ms: BEGIN_MS,
            endpoint: "orders".to_owned(),
            flow_id: FLOW,
            method: "POST".to_owned(),
            path: "/api/webhook/local/tested?color=red&color=blue&key=••••".to_owned(),
            remote_address: "127.0.0.1".to_owned(),
            headers: [
                ("content-type", "application/json"),
                ("authorization", "••••"),
                ("x-a", "1"),
                ("x-a", "2"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            sealed_headers: Some(key.seal(credentials.as_bytes(), &sealed_headers_context(id))),
            way: None,
            body: body.as_bytes().to_vec(),
            files: Vec::new(),
            body_bytes: body.len() as u64,
            body_sha256: None,
            verdict: Verdict::Accepted,
            status: 200,
            reason: None,
        }),
        start: Some(JobStart {
            request_id: id,
            flow_id: FLOW,
            version: 1,
            at_ms: BEGIN_MS,
            queued: Event::JobQueued {
                trigger: TriggerKind::Endpoint,
                trigger_name: "orders".to_owned(),
                outputs: None,
                input: None,
                secret_state: Vec::new(),
                depth: 0,
            },
            input_blob: None,
            secret_state: None,
            origin: Default::default(),
        }),
    }
}

fn sent_body(rig: &Rig) -> Value {
    let seen = rig.seen_at("/send");
    assert_eq!(seen.len(), 1, "{:#?}", rig.disk.jobs());
    serde_json::from_str(&seen[0].body).expect("the body is JSON")
}

#[test]
fn memory_of_a_request_is_its_headers_body_and_query() {
    let rig = Rig::new(&send(
        r#"{"mail": {{requestBody.customer.email}}, "same": {{trigger.body.customer.email}}, "a": {{requestHeaders["x-a"]}},
           "colors": {{requestQuery.color}}, "method": {{trigger.method}}, "job": {{job.id}}, "at": {{job.started_at}}}"#,
    ));
    let job = rig.receive(arrival(r#"{"customer": {"email": "a\"b@shop.example"}}"#));
    assert_eq!(job.status, JobStatus::Complete);
    assert_eq!(
        sent_body(&rig),
        json!({
            "mail": "a\"b@shop.example", "same": "a\"b@shop.example", "a": "1, 2", "colors": ["red", "blue"],
            "method": "POST", "job": 1, "at": "2026-11-22T00:20:12.431Z",
        })
    );
}

#[test]
fn the_token_of_a_credential_header_is_masked_also_without_its_scheme() {
    let rig = Rig::new(&send(r#"{"auth": {{requestHeaders.authorization}}}"#))
        .answering(|_| Reply::json(200, r#"{"you_are": "top-secret-token"}"#));
    let job = rig.receive(arrival("{}"));
    assert_eq!(job.status, JobStatus::Complete);
    assert!(!job.text().contains("top-secret-token"), "{}", job.text());
}

#[test]
fn a_credential_header_can_be_used_and_is_masked_in_the_record() {
    let rig = Rig::new(&send(r#"{"auth": {{requestHeaders.authorization}}}"#))
        .answering(|request| Reply::json(200, &request.body));
    let job = rig.receive(arrival("{}"));
    assert_eq!(sent_body(&rig), json!({"auth": "Bearer top-secret-token"}));
    assert!(!job.text().contains("top-secret-token"), "{}", job.text());
}

#[test]
fn a_job_whose_handing_over_was_lost_is_found_within_a_minute() {
    let rig = Rig::new(&send("{}"));
    rig.live(async |_engine: Engine| {
        rig.clock.sleep_until_ms(BEGIN_MS + 5_000).await;
        rig.disk.begin_unheard(arrival("{}"));
        rig.clock.sleep_until_ms(BEGIN_MS + 65_000).await;
        assert!(rig.disk.is_at_rest());
    });
    assert_eq!(rig.seen_at("/send").len(), 1);
}

#[test]
fn an_input_becomes_the_body_memory_of_the_default_endpoint() {
    let template =
        r#"{"body": {{requestBody}}, "headers": {{requestHeaders}}, "trigger": {{trigger.body}}}"#;
    let rig = Rig::new(&send(template));
    rig.run(Some(json!({"total": 5})));
    assert_eq!(
        sent_body(&rig),
        json!({"body": {"total": 5}, "headers": {}, "trigger": {"total": 5}})
    );
    let rig = Rig::new(&send(template));
    rig.run(None);
    assert_eq!(
        sent_body(&rig),
        json!({"body": null, "headers": {}, "trigger": null})
    );
}

#[test]
fn variables_of_the_workspace_win_over_the_flows_defaults() {
    let rig = Rig::new(&send(r#"[{{vars.shop}}, {{vars.other}}]"#));
    rig.disk.set_variable("shop", json!("of the workspace"));
    rig.run(None);
    assert_eq!(
        sent_body(&rig),
        json!(["of the workspace", "from the flow"])
    );
}

#[test]
fn later_steps_read_data_and_exit_codes_of_earlier_ones() {
    let rig = Rig::new(&flow(json!([
        {"name": "enrich", "kind": "set", "values": {"total": "{{requestBody.total}}", "text": "a {{requestBody.total}}"}},
        {
            "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
            "after": [{"step": "enrich"}], "headers": {"Content-Type": "application/json"},
            "body": "[{{steps.enrich.data.total}}, {{steps.enrich.data.text}}, {{steps.enrich.exit_code}}]",
        },
    ])));
    rig.run(Some(json!({"total": 7})));
    assert_eq!(sent_body(&rig), json!([7, "a 7", "success"]));
}

#[test]
fn an_undefined_name_ends_the_step_with_an_error_that_says_which() {
    let rig = Rig::new(&send(r#"{"mail": {{requestBody.custmer}}}"#));
    let state = rig.run(Some(json!({"customer": 1}))).state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["send"]
        .error
        .clone()
        .expect("the step has an error");
    assert!(
        error.message.contains("custmer") && error.message.contains("customer"),
        "{}",
        error.message
    );
    assert!(rig.seen.lock().is_empty());
}

#[test]
fn a_large_value_lies_apart_and_is_loaded_when_a_template_asks_for_it() {
    let text = "x".repeat(INLINE_BYTES_MAX + 1);
    let answer = json!({"text": text}).to_string();
    let rig = Rig::new(&flow(json!([
        {"name": "load", "kind": "http", "method": "GET", "url": "https://steps.example/load"},
        {
            "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
            "after": [{"step": "load"}], "headers": {"Content-Type": "application/json"},
            "body": "{{steps.load.data.body.text}}",
        },
    ])))
    .answering(move |request| {
        Reply::json(
            200,
            if request.method == "GET" {
                &answer
            } else {
                "{}"
            },
        )
    });
    let job = rig.run(None);
    assert!(matches!(
        job.state().steps["load"].data,
        Some(ValueRef::Blob { .. })
    ));
    assert_eq!(sent_body(&rig), json!(text));
}

#[test]
fn an_input_may_be_large_too() {
    let rig = Rig::new(&send("{{requestBody.text}}"));
    let text = "y".repeat(INLINE_BYTES_MAX + 1);
    rig.run(Some(json!({"text": text})));
    assert_eq!(sent_body(&rig), json!(text));
}

#[test]
fn data_that_is_too_large_is_an_error_that_names_the_limit() {
    let answer = json!("z".repeat(STEP_DATA_BYTES_MAX)).to_string();
    let rig = Rig::new(&send("{}")).answering(move |_| Reply::json(200, &answer));
    let state = rig.run(None).state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["send"]
        .error
        .clone()
        .expect("the step has an error");
    assert_eq!(error.code, "data_too_large");
    assert!(
        error.message.contains(&STEP_DATA_BYTES_MAX.to_string()),
        "{}",
        error.message
    );
}

#[test]
fn memory_that_a_step_puts_and_removes_is_seen_by_later_steps() {
    let rig = Rig::new(&flow(json!([
        {"name": "first", "kind": "http", "method": "GET", "url": "https://steps.example/first"},
        {
            "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
            "after": [{"step": "first"}], "headers": {"Content-Type": "application/json"},
            "body": "[{{requestBody}}, {{steps.first.data.body}}]",
        },
    ])))
    .answering(|request| {
        let put = r#"{"ok": true, "_statePut": {"requestBody": "replaced"}}"#;
        Reply::json(200, if request.method == "GET" { put } else { "{}" })
    });
    rig.run(Some(json!("given")));
    assert_eq!(sent_body(&rig), json!(["replaced", {"ok": true}]));
}
