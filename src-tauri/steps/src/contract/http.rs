//! What is special about `http`.

use hookloom_engine::ports::HttpErrorKind;
use hookloom_engine::testing::{Reply, Rig};
use hookloom_model::JobStatus;
use hookloom_model::journal::Event;
use serde_json::{Value, json};

use super::cases::{data, flow, rig, run};
use crate::Kinds;

#[test]
fn http_keeps_status_headers_and_the_parsed_body_of_the_answer() {
    let rig = rig(
        "http",
        &json!({"method": "GET", "url": "https://steps.example/it"}),
    );
    let job = run(&rig);
    assert_eq!(
        data(&job),
        json!({"status": 200, "headers": {"content-type": "application/json"}, "body": {"ok": true}})
    );
    let events = job.events();
    let sent = events.iter().find_map(|event| match event {
        Event::StepFinished { sent, .. } => sent.clone(),
        _ => None,
    });
    let sent = sent.expect("what was sent is recorded");
    assert_eq!(
        (sent.method.as_str(), sent.url.as_str()),
        ("GET", "https://steps.example/it")
    );
}

#[test]
fn http_that_times_out_keeps_what_was_sent() {
    let rig = Rig::new(&flow(
        "http",
        &json!({"method": "GET", "url": "https://steps.example/it"}),
        2_000,
    ))
    .with_kinds(Kinds)
    .answering(|_| Reply::json(200, "{}").after(3_600_000));
    let job = run(&rig);
    let mut events = job.events().into_iter();
    let kept = events.any(|event| matches!(event, Event::StepFinished { sent: Some(_), .. }));
    assert!(kept, "{}", job.text());
}

#[test]
fn http_sends_its_execution_as_idempotency_key_unless_the_step_sets_its_own() {
    let url = "https://steps.example/it";
    let own = rig(
        "http",
        &json!({"method": "POST", "url": url, "headers": {"idempotency-key": "mine"}}),
    );
    run(&own);
    assert_eq!(own.seen.lock()[0].header("Idempotency-Key"), Some("mine"));
    let ours = rig("http", &json!({"method": "POST", "url": url}));
    run(&ours);
    let seen = ours.seen.lock();
    assert!(
        seen[0]
            .header("Idempotency-Key")
            .is_some_and(|key| key.starts_with("ste_"))
    );
    assert_eq!(seen[0].header("X-Hookloom-Depth"), Some("1"));
}

#[test]
fn http_tries_again_what_may_end_otherwise_and_nothing_else() {
    let retry = json!({
        "method": "POST", "url": "https://steps.example/it",
        "retry": {"attempts_max": 2, "backoff": "fixed", "delay_ms": 1_000},
    });
    let attempts = |reply: Reply| {
        let rig = rig("http", &retry).answering(move |_| reply.clone());
        let state = run(&rig).state();
        assert_eq!(state.status(), JobStatus::Failed);
        rig.seen.lock().len()
    };
    for status in [408, 425, 429, 500, 502, 503, 599] {
        assert_eq!(attempts(Reply::json(status, "{}")), 2, "{status}");
    }
    for status in [300, 301, 302, 400, 401, 404, 409, 410, 422] {
        assert_eq!(attempts(Reply::json(status, "{}")), 1, "{status}");
    }
    for kind in [
        HttpErrorKind::Dns,
        HttpErrorKind::Connect,
        HttpErrorKind::Tls,
        HttpErrorKind::Timeout,
    ] {
        assert_eq!(attempts(Reply::failure(kind)), 2, "{kind:?}");
    }
    for kind in [
        HttpErrorKind::Refused,
        HttpErrorKind::Invalid,
        HttpErrorKind::TooLarge,
    ] {
        assert_eq!(attempts(Reply::failure(kind)), 1, "{kind:?}");
    }
}

#[test]
fn http_that_fails_keeps_the_answer_and_names_the_status() {
    let rig = rig(
        "http",
        &json!({"method": "POST", "url": "https://steps.example/it?token=canary"}),
    )
    .answering(|_| Reply::json(404, r#"{"why": "gone"}"#));
    let job = run(&rig);
    assert_eq!(data(&job)["body"], json!({"why": "gone"}));
    let state = job.state();
    let error = state.steps["it"]
        .error
        .as_ref()
        .expect("an error has a reason");
    assert_eq!(error.code, "http_status");
    assert!(
        error
            .message
            .contains("POST https://steps.example/it answered 404 Not Found"),
        "{}",
        error.message
    );
    assert!(
        !error.message.contains("canary"),
        "a query may hold what nobody should read"
    );
}

#[test]
fn a_body_is_escaped_by_its_content_type() {
    let keys = json!({
        "method": "POST", "url": "https://steps.example/{{requestBody.path}}",
        "headers": {"Content-Type": "application/json", "X-Note": "n {{requestBody.note}}"},
        "body": "{\"text\": {{requestBody.text}}, \"in\": \"a {{requestBody.text}}\"}",
    });
    let rig = rig("http", &keys);
    let text = "\"}, \"admin\": true, {\"";
    rig.run(Some(json!({"path": "../x", "note": "5", "text": text})));
    let seen = rig.seen.lock();
    assert_eq!(seen[0].url, "https://steps.example/..%2Fx");
    let body: Value = serde_json::from_str(&seen[0].body).expect("the body is still JSON");
    assert_eq!(body, json!({"text": text, "in": format!("a {text}")}));
}
