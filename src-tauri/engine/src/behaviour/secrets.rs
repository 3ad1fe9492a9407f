//! Secrets and secret state in jobs: used, masked, waited for, gone at the end.

use hookloom_model::{JobStatus, StepStatus};
use serde_json::{Value, json};

use crate::ports::Clock as _;
use crate::testing::{BEGIN_MS, Reply, Rig, start};
use crate::{Engine, Replay, Replayed};

fn flow(steps: Value) -> Value {
    json!({"format": "hookloom.flow/1", "name": "tested", "steps": steps})
}

fn echo() -> Rig {
    let rig = Rig::new(&flow(json!([
        {
            "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
            "headers": {"Authorization": "Bearer {{secrets.shop_token}}"}, "body": "{{secrets.shop_token}}",
        },
        {
            "name": "later", "kind": "http", "method": "POST", "url": "https://steps.example/later",
            "after": [{"step": "send"}], "body": "{{steps.send.data.body.echo}}",
        },
    ])));
    rig.answering(|request| Reply::json(200, &json!({"echo": request.body}).to_string()))
}

#[test]
fn a_secret_is_sent_and_masked_in_everything_that_is_stored() {
    let rig = echo();
    rig.secrets.set("shop_token", "whatever-is-secret");
    let job = rig.run(None);
    assert_eq!(job.status, JobStatus::Complete);
    let seen = rig.seen_at("/send");
    assert_eq!(
        seen[0].header("authorization"),
        Some("Bearer whatever-is-secret")
    );
    assert!(!job.text().contains("whatever-is-secret"), "{}", job.text());
    assert!(job.text().contains("••••"));
    assert_eq!(
        rig.seen_at("/later")[0].body,
        "••••",
        "later steps read what is recorded"
    );
}

#[test]
fn a_missing_secret_ends_the_step_with_an_error_and_says_what_to_do() {
    let rig = echo();
    let state = rig.run(None).state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["send"]
        .error
        .clone()
        .expect("the step has an error");
    assert_eq!(error.code, "secret_missing");
    assert!(error.message.contains("shop_token") && error.message.contains("hookloom secret set"));
    assert!(rig.seen.lock().is_empty());
}

#[test]
fn a_locked_keychain_is_a_wait_that_is_shown_and_counts_as_no_attempt() {
    let rig = echo();
    rig.secrets.set("shop_token", "whatever-is-secret");
    rig.secrets.lock(true);
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 600_000).await;
        let job = rig.disk.jobs()[0].clone();
        assert_eq!(job.status, JobStatus::Waiting);
        let state = job.state();
        let reason = state.shown_error().expect("the list shows why");
        assert!(reason.message.contains("locked"), "{}", reason.message);
        assert!(rig.seen.lock().is_empty());
        rig.secrets.lock(false);
        rig.rest().await;
    });
    let state = rig.disk.jobs()[0].state();
    assert_eq!(state.status(), JobStatus::Complete);
    assert_eq!(state.steps["send"].attempt, 1, "no attempt was lost");
}

#[test]
fn secret_state_of_a_call_is_used_masked_and_gone_with_its_job() {
    let rig = Rig::new(&flow(json!([{
        "name": "send", "kind": "http", "method": "POST", "url": "https://steps.example/send",
        "body": "{{secretState.pin}}",
    }])))
    .answering(|request| Reply::json(200, &json!({"echo": request.body}).to_string()));
    let job = rig.run(Some(
        json!({"order": 1, "_secretStatePut": {"pin": "9876-canary"}}),
    ));
    assert_eq!(rig.seen_at("/send")[0].body, "9876-canary");
    assert!(!job.text().contains("9876-canary"), "{}", job.text());
    assert_eq!(job.stored.secret_state, None);
    assert_eq!(rig.keys.count(), 0);
}

#[test]
fn a_step_can_put_secret_state_for_later_steps_also_over_a_restart() {
    let rig = Rig::new(&flow(json!([
        {"name": "login", "kind": "http", "method": "POST", "url": "https://steps.example/login"},
        {
            "name": "use", "kind": "http", "method": "POST", "url": "https://steps.example/use",
            "after": [{"step": "login"}], "body": "{{secretState.token}}",
        },
    ])))
    .answering(|request| {
        if request.url.ends_with("/login") {
            Reply::json(
                200,
                r#"{"ok": 1, "_secretStatePut": {"token": "fresh-canary-token"}}"#,
            )
        } else {
            Reply::json(200, "{}").after(5_000)
        }
    });
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 1_000).await;
        assert_eq!(rig.disk.jobs()[0].state().secret_state, ["token"]);
        assert_eq!(rig.keys.count(), 1);
    });
    rig.live(async |_engine: Engine| rig.rest().await);
    let bodies: Vec<String> = rig
        .seen_at("/use")
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, ["fresh-canary-token", "fresh-canary-token"]);
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Complete);
    assert!(!job.text().contains("fresh-canary"), "{}", job.text());
    assert_eq!(rig.keys.count(), 0);
}

#[test]
fn a_result_that_waits_for_the_job_s_key_keeps_nothing_else_waiting() {
    let http = |name: &str| json!({"name": name, "kind": "http", "method": "POST", "url": format!("https://steps.example/{name}")});
    let mut after = http("after");
    after["after"] = json!([{"step": "other"}]);
    let mut using = http("using");
    using["after"] = json!([{"step": "login"}]);
    using["body"] = json!("{{secretState.token}}");
    let rig =
        Rig::new(&flow(json!([http("login"), http("other"), after, using]))).answering(|request| {
            match request.url.ends_with("/login") {
                true => Reply::json(
                    200,
                    r#"{"_secretStatePut": {"token": "fresh-canary-token"}}"#,
                ),
                false => Reply::json(200, "{}").after(1_000),
            }
        });
    rig.keys.lock(true);
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 60_000).await;
        let state = rig.disk.jobs()[0].state();
        assert_eq!(
            state.steps["login"].status,
            StepStatus::Running,
            "it waits for the key"
        );
        assert_eq!(
            state.steps["after"].status,
            StepStatus::Complete,
            "this does not"
        );
        assert_eq!(rig.seen_at("/using").len(), 0);
        rig.keys.lock(false);
        rig.rest().await;
    });
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Complete);
    assert_eq!(rig.seen_at("/login").len(), 1, "its result was kept");
    assert_eq!(rig.seen_at("/using")[0].body, "fresh-canary-token");
    assert!(!job.text().contains("fresh-canary"), "{}", job.text());
}

#[test]
fn a_job_whose_key_is_gone_fails_with_that_reason() {
    let rig = Rig::new(&flow(json!([
        {"name": "a", "kind": "http", "method": "POST", "url": "https://steps.example/a"},
    ])));
    rig.live(async |engine: Engine| {
        let input = json!({"_secretStatePut": {"pin": "9876-canary"}});
        engine.start_job(start(Some(input))).await.expect("started");
    });
    rig.keys.sweep(&[]);
    rig.live(async |_engine: Engine| rig.rest().await);
    let state = rig.disk.jobs()[0].state();
    assert_eq!(state.status(), JobStatus::Failed);
    assert_eq!(state.steps["a"].status, StepStatus::Failed);
    assert!(
        state.steps["a"]
            .error
            .as_ref()
            .is_some_and(|error| error.code == "secret_damaged")
    );
}

#[test]
fn a_step_cannot_put_more_secret_state_than_a_job_can_have() {
    let many: serde_json::Map<String, Value> = (0..10_000)
        .map(|n| (format!("name_{n}"), json!(format!("canary-{n}"))))
        .collect();
    let answer = json!({"_secretStatePut": many, "echo": "canary-77"}).to_string();
    let rig = Rig::new(&flow(json!([
        {"name": "a", "kind": "http", "method": "POST", "url": "https://steps.example/a"},
    ])))
    .answering(move |_| Reply::json(200, &answer));
    let job = rig.run(None);
    assert_eq!(job.status, JobStatus::Failed);
    let state = job.state();
    let error = state.steps["a"].error.as_ref().expect("it says why");
    assert!(
        error.message.contains("secret_state_bytes_max"),
        "{}",
        error.message
    );
    assert!(!job.text().contains("canary"), "{}", job.text());
    assert_eq!(rig.keys.count(), 0);
}

#[test]
fn an_input_is_recorded_without_the_values_of_secrets_and_of_its_own_secret_state() {
    let rig = Rig::new(&flow(json!([
        {"name": "keep", "kind": "http", "method": "POST", "url": "https://steps.example/a", "body": "{{trigger.body.told}}"},
    ])));
    rig.secrets.set("shop_token", "whatever-is-secret");
    let input = || json!({"told": "whatever-is-secret", "pin": "is 9876-canary", "_secretStatePut": {"pin": "9876-canary"}});
    let job = rig.run(Some(input()));
    let edited = Replay {
        of: Replayed::Job(job.id()),
        version: 1,
        input: Some(input()),
        outputs: None,
        by: "test".to_owned(),
        secret_state: Default::default(),
        depth: 0,
    };
    rig.live(async |engine: Engine| {
        let mut edited = edited;
        edited
            .secret_state
            .insert("pin".to_owned(), json!("9876-canary"));
        engine.replay(edited).await.expect("started");
        rig.rest().await;
    });
    let jobs = rig.disk.jobs();
    assert_eq!(jobs.len(), 2);
    for job in jobs {
        let text = job.text();
        assert!(text.contains("is ••••"), "{text}");
        assert!(!text.contains("whatever-is-secret"), "{text}");
        assert!(!text.contains("9876-canary"), "{text}");
    }
}

#[test]
fn a_start_cannot_bring_more_secret_state_than_a_job_can_have() {
    let rig = Rig::new(&flow(json!([])));
    let input = json!({"_secretStatePut": {"pin": "9".repeat(100_000)}});
    let refused = rig.live(async |engine: Engine| engine.start_job(start(Some(input))).await);
    let error = refused.expect_err("it is refused").to_string();
    assert!(error.contains("secret_state_bytes_max"), "{error}");
    assert!(rig.disk.jobs().is_empty());
}
