//! Replaying and continuing: what a new job takes over from an earlier one, and what it asks for again.

use hookloom_model::{JobStatus, RequestId, StepStatus};
use serde_json::{Map, Value, json};

use super::values::arrival;
use crate::testing::{FLOW, JobRow, Reply, Rig, SeenRequest, start};
use crate::{Continue, Engine, Replay, Replayed, StartError, StartedJob};

fn call(name: &str, body: &str, after: &[&str]) -> Value {
    let after: Vec<Value> = after.iter().map(|step| json!({"step": step})).collect();
    let mut step = json!({"name": name, "kind": "http", "method": "POST",
        "url": format!("https://steps.example/{name}"),
        "headers": {"Content-Type": "application/json"}, "body": body});
    if !after.is_empty() {
        step["after"] = json!(after);
    }
    step
}

fn flow(steps: Value) -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "tested",
        "endpoints": [{"name": "orders", "auth": {"kind": "none"}, "body_memory": "requestBody",
                       "header_memory": "requestHeaders"}],
        "steps": steps,
        "outputs": [{"name": "first", "step": "a"}],
    })
}

fn replay(of: Replayed) -> Replay {
    Replay {
        of,
        version: 1,
        by: "Ada".to_owned(),
        input: None,
        outputs: None,
        secret_state: Map::new(),
        depth: 0,
    }
}

fn go_on(job: &JobRow) -> Continue {
    Continue {
        job_id: job.id(),
        from: None,
        by: "Ada".to_owned(),
        secret_state: Map::new(),
        depth: 0,
    }
}

fn state_of(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Starts something, and runs until nothing is left to do.
fn lives<F>(rig: &Rig, begin: impl FnOnce(Engine) -> F) -> Result<JobRow, StartError>
where
    F: Future<Output = Result<StartedJob, StartError>>,
{
    let started = rig.live(async |engine: Engine| {
        let started = begin(engine.clone()).await;
        rig.rest().await;
        started
    })?;
    Ok(rig.disk.job(started.job_id).expect("the job is stored"))
}

fn replayed(rig: &Rig, asked: Replay) -> Result<JobRow, StartError> {
    lives(rig, async |engine: Engine| engine.replay(asked).await)
}

fn continued(rig: &Rig, asked: Continue) -> Result<JobRow, StartError> {
    lives(rig, async |engine: Engine| engine.continue_job(asked).await)
}

fn bodies(rig: &Rig, path: &str) -> Vec<Value> {
    let seen = rig.seen_at(path);
    let body = |request: &SeenRequest| serde_json::from_str(&request.body).expect("JSON");
    seen.iter().map(body).collect()
}

#[test]
fn a_replayed_request_has_its_body_its_headers_and_its_credentials_again() {
    let body = r#"{"n": {{requestBody.n}}, "key": {{requestHeaders["authorization"]}}, "a": {{trigger.headers["x-a"]}}}"#;
    let rig = Rig::new(&flow(json!([call("a", body, &[])])));
    let first = rig.receive(arrival(r#"{"n": 7}"#));
    let again = replayed(&rig, replay(Replayed::Job(first.id()))).expect("it runs again");
    let bodies = bodies(&rig, "/a");
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[1]["a"], "1, 2");
    let replays = again
        .state()
        .replays
        .expect("the record says what it runs again");
    assert_eq!(replays.job, Some(first.id()));
    assert_eq!(replays.request, Some(first.stored.request_id));
    assert_ne!(again.stored.request_id, first.stored.request_id);
}

#[test]
fn an_edited_input_has_the_place_of_the_body_and_is_taken_over_by_the_next_replay() {
    let body = r#"{"n": {{requestBody.n}}, "a": {{requestHeaders["x-a"]}}}"#;
    let rig = Rig::new(&flow(json!([call("a", body, &[])])));
    let first = rig.receive(arrival(r#"{"n": 7}"#));
    let edited = Replay {
        input: Some(json!({"n": 8})),
        ..replay(Replayed::Job(first.id()))
    };
    let second = replayed(&rig, edited).expect("it runs again");
    replayed(&rig, replay(Replayed::Job(second.id()))).expect("it runs again");
    let seen: Vec<Value> = bodies(&rig, "/a")
        .iter()
        .map(|body| body["n"].clone())
        .collect();
    assert_eq!(seen, [7, 8, 8]);
    assert_eq!(
        bodies(&rig, "/a")[2]["a"],
        "1, 2",
        "the headers stay as they came"
    );
}

#[test]
fn the_input_of_a_job_that_no_request_began_is_taken_over_however_large_it_is() {
    let rig = Rig::new(&flow(json!([call(
        "a",
        r#"{"n": {{requestBody.n}}}"#,
        &[]
    )])));
    let large = json!({"n": 1, "rest": "x".repeat(100_000)});
    let first = rig.run(Some(large));
    let again = replayed(&rig, replay(Replayed::Job(first.id()))).expect("it runs again");
    assert_eq!(again.status, JobStatus::Complete);
    assert_eq!(bodies(&rig, "/a").len(), 2);
}

#[test]
fn a_held_request_begins_its_job_when_it_is_replayed() {
    let rig = Rig::new(&flow(json!([call(
        "a",
        r#"{"n": {{requestBody.n}}}"#,
        &[]
    )])));
    let mut held = arrival(r#"{"n": 9}"#);
    held.start = None;
    let id = held
        .record
        .as_ref()
        .map(|record| record.id)
        .expect("a record");
    rig.disk.begin_unheard(held);
    let job = replayed(&rig, replay(Replayed::Request(id))).expect("it begins");
    assert_eq!(job.status, JobStatus::Complete);
    assert_eq!(bodies(&rig, "/a"), [json!({"n": 9})]);
    let unknown = RequestId::new(1, [1; 10]);
    let refused = replayed(&rig, replay(Replayed::Request(unknown)));
    assert!(matches!(refused, Err(StartError::Journal(_))));
}

#[test]
fn secret_state_is_asked_for_again_by_name() {
    let rig = Rig::new(&flow(json!([call(
        "a",
        r#"{"pin": {{secretState.pin}}}"#,
        &[]
    )])));
    let first = rig.run(Some(json!({"_secretStatePut": {"pin": "a secret pin"}})));
    let refused = replayed(&rig, replay(Replayed::Job(first.id()))).expect_err("it is gone");
    assert!(
        refused.to_string().contains("gone since its end: pin"),
        "{refused}"
    );
    let given = Replay {
        secret_state: state_of(json!({"pin": "another pin"})),
        ..replay(Replayed::Job(first.id()))
    };
    let again = replayed(&rig, given).expect("it runs again");
    assert_eq!(again.status, JobStatus::Complete);
    assert_eq!(bodies(&rig, "/a")[1]["pin"], "another pin");
    assert!(!again.text().contains("another pin"), "{}", again.text());
    assert_eq!(rig.keys.count(), 0);
}

/// The step `b` fails with its first two calls.
fn failing_twice() -> Rig {
    let large = r#"{"n": {{steps.a.data.body.n}}}"#;
    let steps = json!([
        call("a", "{}", &[]),
        call("beside", "{}", &[]),
        call("b", large, &["a"]),
        call(
            "c",
            r#"{"b": {{steps.b.exit_code}}, "beside": {{steps.beside.data.body.n}}}"#,
            &["b", "beside"]
        ),
    ]);
    let failures = std::sync::atomic::AtomicU32::new(0);
    Rig::new(&flow(steps)).answering(move |request| {
        let text = json!({"n": 5, "rest": "x".repeat(70_000)}).to_string();
        let is_b = request.url.ends_with("/b");
        match is_b && failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 {
            true => Reply::json(404, "{}"),
            false => Reply::json(200, &text),
        }
    })
}

#[test]
fn a_continued_job_runs_what_failed_and_what_comes_after_it_with_the_recorded_results() {
    let rig = failing_twice();
    let first = rig.run(None);
    assert_eq!(first.status, JobStatus::Failed);
    let second = continued(&rig, go_on(&first)).expect("it goes on");
    assert_eq!(
        second.status,
        JobStatus::Failed,
        "the receiver refuses twice"
    );
    let third = continued(&rig, go_on(&second)).expect("it goes on");
    assert_eq!(third.status, JobStatus::Complete);
    let count = |path| rig.seen_at(path).len();
    assert_eq!(
        (count("/a"), count("/beside"), count("/b"), count("/c")),
        (1, 1, 3, 1)
    );
    assert_eq!(bodies(&rig, "/c"), [json!({"b": "success", "beside": 5})]);
    let state = third.state();
    assert_eq!(
        state.replays.and_then(|replays| replays.job),
        Some(second.id())
    );
    assert_eq!(state.steps["a"].status, StepStatus::Complete);
    assert_eq!(state.steps["a"].attempt, 0, "it did not run here");
}

#[test]
fn who_runs_a_job_again_for_a_job_says_how_deep_that_is() {
    let rig = failing_twice();
    let first = rig.run(None);
    let asked = Continue {
        depth: 7,
        ..go_on(&first)
    };
    let second = continued(&rig, asked).expect("it goes on");
    let asked = Replay {
        depth: 9,
        ..replay(Replayed::Job(first.id()))
    };
    let third = replayed(&rig, asked).expect("it runs again");
    let depth = |job: &JobRow| job.state().queued.map(|queued| queued.depth);
    assert_eq!((depth(&second), depth(&third)), (Some(7), Some(9)));
}

#[test]
fn a_job_continues_from_a_step_that_is_named_and_one_that_is_complete_only_so() {
    let rig = failing_twice();
    rig.run(None);
    rig.run(None);
    let good = rig.run(None);
    assert_eq!(good.status, JobStatus::Complete);
    let refused = continued(&rig, go_on(&good)).expect_err("nothing is left to do");
    assert!(
        matches!(refused, StartError::NothingToContinue { .. }),
        "{refused}"
    );
    let unknown = Continue {
        from: Some("d".to_owned()),
        ..go_on(&good)
    };
    let refused = continued(&rig, unknown).expect_err("there is no such step");
    assert!(
        refused.to_string().contains("`d`; it has a, beside, b, c"),
        "{refused}"
    );
    let before = rig.seen_at("/a").len();
    let from = Continue {
        from: Some("c".to_owned()),
        ..go_on(&good)
    };
    let again = continued(&rig, from).expect("it goes on");
    assert_eq!(again.status, JobStatus::Complete);
    assert_eq!(rig.seen_at("/a").len(), before);
    assert_eq!(rig.seen_at("/c").len(), 2);
}

#[test]
fn a_job_that_has_not_ended_cannot_be_continued() {
    let mut rig = failing_twice();
    rig.options.jobs_max = 0;
    rig.live(async |engine: Engine| {
        let id = engine.start_job(start(None)).await.expect("started").job_id;
        let job = rig.disk.job(id).expect("the job");
        let refused = engine
            .continue_job(go_on(&job))
            .await
            .expect_err("it has not ended");
        assert!(matches!(refused, StartError::NotEnded { .. }), "{refused}");
    });
}

#[test]
fn memory_that_kept_steps_saved_is_there_and_that_of_repeated_ones_is_not() {
    let steps = json!([
        {"name": "a", "kind": "set", "values": {"_statePut": {"kept": 1, "changed": 1}}},
        {"name": "b", "kind": "set", "values": {"_statePut": {"changed": 2}}, "after": [{"step": "a"}]},
        call("c", r#"{"kept": {{kept}}, "changed": {{changed}}}"#, &["b"]),
    ]);
    let failures = std::sync::atomic::AtomicU32::new(0);
    let rig = Rig::new(&flow(steps)).answering(move |_| {
        match failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => Reply::json(404, "{}"),
            _ => Reply::json(200, "{}"),
        }
    });
    let first = rig.run(None);
    let second = continued(&rig, go_on(&first)).expect("it goes on");
    assert_eq!(second.status, JobStatus::Complete);
    assert_eq!(bodies(&rig, "/c")[1], json!({"kept": 1, "changed": 2}));
    assert_eq!(second.stored.flow_id, FLOW);
}

#[test]
fn a_partial_job_runs_only_what_its_outputs_need_and_a_replay_asks_for_the_same() {
    let rig = failing_twice();
    let asked = crate::StartJob {
        outputs: Some(vec!["first".to_owned()]),
        ..start(None)
    };
    let job = lives(&rig, async |engine: Engine| engine.start_job(asked).await).expect("started");
    assert_eq!(job.status, JobStatus::Complete);
    let again = replayed(&rig, replay(Replayed::Job(job.id()))).expect("it runs again");
    assert_eq!(again.status, JobStatus::Complete);
    assert_eq!(rig.seen.lock().len(), 2);
}
