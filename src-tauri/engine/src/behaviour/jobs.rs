//! Jobs: commits, parallel branches, retries, timeouts, restarts, stops.

use std::sync::Arc;

use hookloom_model::document::{FlowDocument, Step};
use hookloom_model::journal::Event;
use hookloom_model::{JobStatus, Problem, StepStatus};
use serde_json::{Value, json};

use crate::Engine;
use crate::ports::{Attempt, Clock as _, Outcome, StepKinds, StepRunner};
use crate::testing::{BEGIN_MS, Reply, Rig, start};

fn flow(steps: Value) -> Value {
    json!({"format": "hookloom.flow/1", "name": "tested", "steps": steps})
}

fn call(name: &str) -> Value {
    json!({"name": name, "kind": "http", "method": "POST", "url": format!("https://steps.example/{name}")})
}

fn with(mut step: Value, keys: Value) -> Value {
    if let (Some(step), Value::Object(keys)) = (step.as_object_mut(), keys) {
        step.extend(keys);
    }
    step
}

#[test]
fn a_job_with_one_call_costs_two_commits_after_its_acceptance() {
    let rig = Rig::new(&flow(json!([
        {"name": "before", "kind": "set", "values": {"n": 1}},
        with(call("ship"), json!({"after": [{"step": "before"}]})),
        {"name": "behind", "kind": "set", "values": {"n": 2}, "after": [{"step": "ship"}]},
    ])));
    let job = rig.run(None);
    assert_eq!(job.status, JobStatus::Complete);
    assert_eq!(rig.disk.commits(), 2);
}

#[test]
fn branches_run_beside_each_other() {
    let rig = Rig::new(&flow(json!([call("a"), call("b")])))
        .answering(|_| Reply::json(200, "{}").after(1_000));
    let job = rig.run(None);
    let times: Vec<i64> = rig
        .seen
        .lock()
        .iter()
        .map(|request| request.at_ms)
        .collect();
    assert_eq!(times[0], times[1], "both calls go out at once");
    let ended = job.state().ended.expect("the job has ended");
    assert!(
        ended.at_ms - times[0] < 1_500,
        "it took {} ms",
        ended.at_ms - times[0]
    );
}

#[test]
fn nothing_new_starts_after_a_failure_in_the_same_round() {
    let rig = Rig::new(&flow(json!([
        {"name": "wrong", "kind": "set", "values": {"n": "{{vars.missing}}"}},
        call("beside"),
    ])));
    let job = rig.run(None);
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.state().steps["beside"].status, StepStatus::Canceled);
    assert!(rig.seen.lock().is_empty(), "{}", job.text());
}

struct Panicking;

#[async_trait::async_trait]
impl StepRunner for Panicking {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[hookloom_template::Reference] {
        &[]
    }

    async fn run(&self, _attempt: Attempt<'_>) -> Outcome {
        panic!("a mistake in a step");
    }
}

impl StepKinds for Panicking {
    fn prepare(&self, _flow: &FlowDocument, _step: &Step) -> Result<Arc<dyn StepRunner>, Problem> {
        Ok(Arc::new(Self))
    }
}

#[test]
fn a_step_that_panics_fails_once_and_its_job_ends() {
    let step = json!({"name": "a", "kind": "set", "values": {}});
    let rig = Rig::new(&flow(json!([step]))).with_kinds(Panicking);
    let state = rig.run(None).state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["a"].error.as_ref();
    assert!(error.is_some_and(|error| error.code == "internal"));
}

#[test]
fn a_failed_attempt_is_tried_again_with_the_same_key_after_its_wait() {
    let step = with(
        call("a"),
        json!({"retry": {"attempts_max": 3, "backoff": "exponential", "delay_ms": 1_000}}),
    );
    let rig = Rig::new(&flow(json!([step]))).answering(|request| match request.at_ms - BEGIN_MS {
        0..1_000 => Reply::json(500, "{}"),
        1_000..2_000 => Reply::json(429, "{}").with_header("retry-after", "60"),
        _ => Reply::json(200, "{\"ok\": true}"),
    });
    let job = rig.run(None);
    let seen = rig.seen.lock().clone();
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[1].at_ms - seen[0].at_ms, 1_000);
    assert_eq!(
        seen[2].at_ms - seen[1].at_ms,
        60_000,
        "Retry-After postpones"
    );
    let keys: Vec<_> = seen
        .iter()
        .map(|request| request.header("idempotency-key"))
        .collect();
    assert!(keys[0].is_some_and(|key| key.starts_with("ste_")));
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(job.status, JobStatus::Complete);
}

#[test]
fn an_attempt_that_takes_too_long_fails_with_its_limit_named() {
    let rig = Rig::new(&flow(json!([with(
        call("a"),
        json!({"timeout_ms": 2_000})
    )])))
    .answering(|_| Reply::json(200, "{}").after(3_600_000));
    let state = rig.run(None).state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["a"]
        .error
        .as_ref()
        .expect("the step has an error");
    let ended = state.ended.expect("the job has ended");
    assert_eq!(ended.at_ms - state.started_at_ms.unwrap_or_default(), 2_000);
    assert!(error.message.contains("timeout"), "{}", error.message);
}

#[test]
fn a_job_that_runs_too_long_is_timed_out_and_its_attempts_are_dropped() {
    let mut document = flow(json!([with(call("a"), json!({"timeout_ms": 60_000}))]));
    document["timeout_ms"] = json!(5_000);
    let rig = Rig::new(&document).answering(|_| Reply::json(200, "{}").after(50_000));
    let state = rig.run(None).state();
    assert_eq!(state.status(), JobStatus::TimedOut);
    assert_eq!(state.steps["a"].status, StepStatus::Canceled);
    assert_eq!(state.ended.map(|ended| ended.at_ms), Some(BEGIN_MS + 5_000));
}

#[test]
fn after_a_crash_an_attempt_is_recorded_as_interrupted_and_goes_out_again_with_the_same_key() {
    let rig = Rig::new(&flow(json!([
        call("a"),
        with(call("b"), json!({"after": [{"step": "a"}]}))
    ])))
    .answering(|_| Reply::json(200, "{}").after(1_000));
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 1_500).await;
    });
    assert_eq!(rig.seen_at("/a").len(), 1);
    assert_eq!(rig.seen_at("/b").len(), 1, "b was under way");
    rig.clock.skip_ms(3_600_000);
    rig.live(async |_engine: Engine| rig.rest().await);
    let (a, b) = (rig.seen_at("/a"), rig.seen_at("/b"));
    assert_eq!(a.len(), 1, "a recorded step does not run again");
    assert_eq!(b.len(), 2);
    assert_eq!(
        b[0].header("idempotency-key"),
        b[1].header("idempotency-key")
    );
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Complete);
    let is_interrupted =
        |event: &Event| matches!(event, Event::StepInterrupted { step, .. } if step == "b");
    assert_eq!(
        job.events()
            .iter()
            .filter(|event| is_interrupted(event))
            .count(),
        1
    );
}

#[test]
fn a_wait_for_a_retry_survives_a_restart_and_keeps_its_time() {
    let step = with(
        call("a"),
        json!({"retry": {"attempts_max": 2, "backoff": "fixed", "delay_ms": 600_000}}),
    );
    let rig = Rig::new(&flow(json!([step]))).answering(|request| {
        if request.at_ms < BEGIN_MS + 1_000 {
            Reply::json(503, "{}")
        } else {
            Reply::json(200, "{}")
        }
    });
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 5_000).await;
    });
    assert_eq!(rig.disk.jobs()[0].status, JobStatus::Waiting);
    rig.clock.skip_ms(60_000);
    rig.live(async |_engine: Engine| rig.rest().await);
    let times: Vec<i64> = rig
        .seen
        .lock()
        .iter()
        .map(|request| request.at_ms - BEGIN_MS)
        .collect();
    assert_eq!(times, [0, 600_000]);
}

#[test]
fn a_stop_waits_for_running_attempts_and_starts_nothing_new() {
    let rig = Rig::new(&flow(json!([
        call("a"),
        with(call("b"), json!({"after": [{"step": "a"}]}))
    ])))
    .answering(|_| Reply::json(200, "{}").after(2_000));
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 500).await;
        engine.drain().await;
        assert_eq!(
            rig.clock.now_ms(),
            BEGIN_MS + 2_000,
            "it waited for the answer, and for nothing else"
        );
    });
    assert_eq!(
        rig.disk.jobs()[0].state().step_status("a"),
        StepStatus::Complete
    );
    assert!(rig.seen_at("/b").is_empty());
    rig.live(async |_engine: Engine| rig.rest().await);
    assert_eq!(rig.seen_at("/a").len(), 1);
    assert_eq!(rig.seen_at("/b").len(), 1);
}

#[test]
fn a_stop_has_a_bound() {
    let mut rig =
        Rig::new(&flow(json!([call("a")]))).answering(|_| Reply::json(200, "{}").after(25_000));
    rig.options.drain_ms = 3_000;
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 500).await;
        engine.drain().await;
        assert_eq!(rig.clock.now_ms(), BEGIN_MS + 3_500);
    });
}

#[test]
fn more_jobs_than_the_queue_holds_are_found_in_the_journal() {
    let mut rig =
        Rig::new(&flow(json!([call("a")]))).answering(|_| Reply::json(200, "{}").after(10));
    rig.options.jobs_max = 2;
    rig.options.queue_max = 1;
    rig.live(async |engine: Engine| {
        let starts = (0..40).map(|_| engine.start_job(start(None)));
        for started in futures::future::join_all(starts).await {
            started.expect("started");
        }
        rig.rest().await;
    });
    assert_eq!(rig.seen.lock().len(), 40);
}

#[test]
fn an_unknown_output_is_refused_with_those_that_exist() {
    let mut document = flow(json!([call("a")]));
    document["outputs"] = json!([{"name": "summary", "step": "a"}]);
    let rig = Rig::new(&document);
    let refused = rig.live(async |engine: Engine| {
        let asked = crate::StartJob {
            outputs: Some(vec!["sumary".to_owned()]),
            ..start(None)
        };
        engine
            .start_job(asked)
            .await
            .expect_err("there is no such output")
    });
    let message = refused.to_string();
    assert!(
        message.contains("`sumary`") && message.contains("summary"),
        "{message}"
    );
}

#[test]
fn a_version_that_is_gone_fails_the_job_with_that_reason() {
    let rig = Rig::new(&flow(json!([call("a")])));
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
    });
    rig.disk.unpublish();
    rig.live(async |_engine: Engine| rig.rest().await);
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Failed);
    assert!(
        job.text().contains("is not in the database"),
        "{}",
        job.text()
    );
}

#[test]
fn a_job_whose_record_is_damaged_fails_once_and_is_not_tried_for_ever() {
    let rig = Rig::new(&flow(json!([call("a")])));
    let mut arrival = super::values::arrival("{}");
    let again = Event::JobQueued {
        trigger: hookloom_model::TriggerKind::Manual,
        trigger_name: "twice".to_owned(),
        outputs: None,
        input: None,
        secret_state: Vec::new(),
        depth: 0,
    };
    if let Some(start) = &mut arrival.start {
        start.origin.taken_over = vec![again];
    }
    rig.disk.begin_unheard(arrival);
    rig.live(async |_: Engine| rig.rest().await);
    assert_eq!(rig.disk.jobs()[0].status, JobStatus::Failed);
    assert!(rig.seen.lock().is_empty());
}
