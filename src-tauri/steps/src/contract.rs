//! What every kind of step keeps to, one suite for all, and what is special about each.

use hookloom_engine::Engine;
use hookloom_engine::ports::{Clock as _, HttpErrorKind};
use hookloom_engine::testing::{BEGIN_MS, JobRow, Reply, Rig, start};
use hookloom_model::journal::{Event, ValueRef};
use hookloom_model::{JobStatus, StepStatus};
use serde_json::{Value, json};

use crate::Kinds;

/// A kind of step in the suite: a new kind is one more of these.
struct Case {
    kind: &'static str,
    /// Ends with `success` when receivers answer 200 with `{"ok": true}`.
    works: Value,
    /// Ends with `error` whatever receivers answer.
    fails: Value,
    /// Whether it waits for somebody, and so can time out.
    waits: bool,
}

fn cases() -> Vec<Case> {
    vec![
        Case {
            kind: "http",
            works: json!({"method": "POST", "url": "https://steps.example/it", "body": "{{requestBody.n}}"}),
            fails: json!({"method": "POST", "url": "https://steps.example/it", "body": "{{requestBody.missing}}"}),
            waits: true,
        },
        Case {
            kind: "set",
            works: json!({"values": {"n": "{{requestBody.n}}", "list": [1, "{{requestBody.n}}"]}}),
            fails: json!({"values": {"n": "{{requestBody.missing}}"}}),
            waits: false,
        },
    ]
}

fn flow(kind: &str, keys: &Value, timeout_ms: i64) -> Value {
    let mut step = json!({"name": "it", "kind": kind, "timeout_ms": timeout_ms});
    if let (Some(step), Value::Object(keys)) = (step.as_object_mut(), keys.clone()) {
        step.extend(keys);
    }
    json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": [step],
    })
}

fn rig(kind: &str, keys: &Value) -> Rig {
    Rig::new(&flow(kind, keys, 30_000))
        .with_kinds(Kinds)
        .answering(|_| Reply::json(200, r#"{"ok": true}"#))
}

fn run(rig: &Rig) -> JobRow {
    rig.run(Some(json!({"n": 5})))
}

fn data(job: &JobRow) -> Value {
    match job.state().steps["it"].data.clone() {
        Some(ValueRef::Inline(data)) => data,
        other => panic!("the data is {other:?}"),
    }
}

#[test]
fn every_kind_gives_the_same_when_it_runs_twice() {
    for case in cases() {
        let rig = rig(case.kind, &case.works);
        let (first, second) = (run(&rig), run(&rig));
        assert_eq!(
            first.status,
            JobStatus::Complete,
            "{}: {}",
            case.kind,
            first.text()
        );
        assert_eq!(data(&first), data(&second), "{}", case.kind);
    }
}

#[test]
fn every_kind_fails_with_a_reason_and_an_exit_code() {
    for case in cases() {
        let state = run(&rig(case.kind, &case.fails)).state();
        let step = &state.steps["it"];
        assert_eq!(step.status, StepStatus::Failed, "{}", case.kind);
        assert_eq!(step.exit_code.as_deref(), Some("error"), "{}", case.kind);
        let error = step.error.as_ref().expect("an error has a reason");
        assert_eq!(error.code, "undefined_name", "{}", case.kind);
        assert!(
            error.message.contains("missing"),
            "{}: {}",
            case.kind,
            error.message
        );
    }
}

#[test]
fn every_kind_that_waits_ends_at_its_timeout() {
    for case in cases() {
        let rig = Rig::new(&flow(case.kind, &case.works, 2_000))
            .with_kinds(Kinds)
            .answering(|_| Reply::json(200, "{}").after(3_600_000));
        let state = run(&rig).state();
        let took_ms = state.ended.as_ref().map_or(0, |ended| ended.at_ms) - BEGIN_MS;
        if case.waits {
            assert_eq!(took_ms, 2_000, "{}", case.kind);
            assert_eq!(
                state.steps["it"].status,
                StepStatus::Failed,
                "{}",
                case.kind
            );
        } else {
            assert_eq!(took_ms, 0, "{}", case.kind);
        }
    }
}

#[test]
fn every_kind_that_is_cut_off_goes_on_with_the_same_execution() {
    for case in cases().into_iter().filter(|case| case.waits) {
        let rig = rig(case.kind, &case.works).answering(|_| Reply::json(200, "{}").after(5_000));
        rig.live(async |engine: Engine| {
            engine
                .start_job(start(Some(json!({"n": 5}))))
                .await
                .expect("started");
            rig.clock.sleep_until_ms(BEGIN_MS + 1_000).await;
        });
        rig.live(async |_engine: Engine| rig.rest().await);
        let job = &rig.disk.jobs()[0];
        assert_eq!(job.status, JobStatus::Complete, "{}", case.kind);
        let starts = job.events().into_iter().filter_map(|event| match event {
            Event::StepStarted { execution, .. } => Some(execution),
            _ => None,
        });
        let starts: Vec<_> = starts.collect();
        assert_eq!(starts.len(), 2, "{}", case.kind);
        assert_eq!(starts[0], starts[1], "{}", case.kind);
        let seen = rig.seen.lock();
        assert_eq!(
            seen[0].header("idempotency-key"),
            seen[1].header("idempotency-key")
        );
    }
}

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

#[test]
fn set_keeps_the_type_of_a_lone_expression() {
    let rig = rig(
        "set",
        &json!({"values": {"whole": "{{requestBody}}", "text": "n = {{requestBody.n}}", "plain": [true, null]}}),
    );
    let job = run(&rig);
    assert_eq!(
        data(&job),
        json!({"whole": {"n": 5}, "text": "n = 5", "plain": [true, null]})
    );
}
