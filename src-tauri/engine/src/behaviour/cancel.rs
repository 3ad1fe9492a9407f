//! Canceling: of a queued, a running and a waiting job, twice, too late, and in the moment of its end.

use hookloom_model::journal::Event;
use hookloom_model::{JobId, JobStatus, StepStatus};
use serde_json::{Value, json};

use crate::ports::Clock as _;
use crate::testing::{BEGIN_MS, JobRow, Reply, Rig, start};
use crate::{CancelError, Engine};

fn flow(steps: Value) -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "tested", "steps": steps,
        "webhook_tasks": [
            {"name": "Failures", "url": "https://tasks.example/failed", "method": "POST", "event": "job_failed",
             "object": "any_job", "body": "$jobStatus"},
            {"name": "Successes", "url": "https://tasks.example/good", "method": "POST",
             "event": "job_succeeded", "object": "any_job"},
        ],
    })
}

fn slow(name: &str) -> Value {
    json!({"name": name, "kind": "http", "method": "POST", "url": format!("https://steps.example/{name}")})
}

/// Answers of steps take ten seconds; those of tasks none.
fn slow_steps(request: &crate::testing::SeenRequest) -> Reply {
    match request.url.starts_with("https://steps.example") {
        true => Reply::json(200, "{}").after(10_000),
        false => Reply::json(200, "{}"),
    }
}

async fn cancel(engine: &Engine, id: JobId) -> Result<(), CancelError> {
    engine.cancel(id, "Ada".to_owned()).await
}

/// Cancels the job after so long, and lives until all is done.
fn canceled_after(rig: &Rig, wait_ms: i64) -> JobRow {
    let id = rig.live(async |engine: Engine| {
        let id = engine.start_job(start(None)).await.expect("started").job_id;
        rig.clock.sleep_until_ms(BEGIN_MS + wait_ms).await;
        cancel(&engine, id).await.expect("it can be canceled");
        let job = rig.disk.job(id).expect("the job");
        assert_eq!(job.status, JobStatus::Canceled, "an answer means committed");
        rig.rest().await;
        id
    });
    rig.disk.job(id).expect("the job")
}

#[test]
fn a_running_attempt_is_stopped_and_recorded_canceled_and_tasks_for_failures_fire() {
    let rig = Rig::new(&flow(json!([
        slow("a"),
        {"name": "b", "kind": "set", "values": {}, "after": [{"step": "a"}]},
    ])))
    .answering(slow_steps);
    let job = canceled_after(&rig, 1_000);
    let state = job.state();
    for step in ["a", "b"] {
        assert_eq!(state.steps[step].status, StepStatus::Canceled, "{step}");
    }
    let error = state.ended.expect("an end").error.expect("a reason");
    assert_eq!(error.code, "canceled");
    assert!(error.message.contains("Ada"), "{}", error.message);
    let told = rig.seen_at("/failed");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].body, "Canceled");
    assert!(rig.seen_at("/good").is_empty());
    assert!(
        rig.clock.now_ms() < BEGIN_MS + 9_000,
        "nobody waits for the call"
    );
}

#[test]
fn a_job_that_waits_for_a_retry_is_canceled_and_never_tried_again() {
    let step = json!({"name": "a", "kind": "http", "method": "POST", "url": "https://steps.example/a",
        "retry": {"attempts_max": 5, "backoff": "fixed", "delay_ms": 60_000}});
    let rig = Rig::new(&flow(json!([step]))).answering(|request| {
        match request.url.starts_with("https://steps.example") {
            true => Reply::json(503, "{}"),
            false => Reply::json(200, "{}"),
        }
    });
    let job = canceled_after(&rig, 5_000);
    assert_eq!(job.status, JobStatus::Canceled);
    rig.live(async |_: Engine| rig.clock.sleep_until_ms(BEGIN_MS + 600_000).await);
    assert_eq!(rig.seen_at("/a").len(), 1);
}

#[test]
fn a_queued_job_is_canceled_without_a_place_of_its_own() {
    let mut rig = Rig::new(&flow(json!([slow("a")]))).answering(slow_steps);
    rig.options.jobs_max = 0;
    let job = rig.live(async |engine: Engine| {
        let id = engine.start_job(start(None)).await.expect("started").job_id;
        cancel(&engine, id).await.expect("it can be canceled");
        rig.disk.job(id).expect("the job")
    });
    assert_eq!(job.status, JobStatus::Canceled);
    assert_eq!(job.state().started_at_ms, None);
    assert_eq!(job.state().steps["a"].status, StepStatus::Canceled);
}

#[test]
fn canceling_twice_is_the_same_and_canceling_what_has_ended_is_refused() {
    let rig = Rig::new(&flow(json!([slow("a")]))).answering(slow_steps);
    let job = canceled_after(&rig, 1_000);
    rig.live(async |engine: Engine| {
        cancel(&engine, job.id())
            .await
            .expect("it is canceled already");
        let done = engine.start_job(start(None)).await.expect("started").job_id;
        rig.rest().await;
        let refused = cancel(&engine, done).await.expect_err("it has ended");
        assert!(
            matches!(
                refused,
                CancelError::Ended {
                    status: JobStatus::Complete,
                    ..
                }
            ),
            "{refused}"
        );
        let unknown = cancel(&engine, JobId(99)).await.expect_err("there is none");
        assert!(unknown.to_string().contains("99"), "{unknown}");
    });
    let ends = job
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::JobFinished { .. }));
    assert_eq!(ends.count(), 1);
}

#[test]
fn whoever_is_first_wins_in_the_moment_of_the_end_and_the_record_has_one_end() {
    for wait_ms in (9_990..10_010).step_by(1) {
        let rig = Rig::new(&flow(json!([slow("a")]))).answering(slow_steps);
        let (id, answer) = rig.live(async |engine: Engine| {
            let id = engine.start_job(start(None)).await.expect("started").job_id;
            rig.clock.sleep_until_ms(BEGIN_MS + wait_ms).await;
            let answer = cancel(&engine, id).await;
            rig.rest().await;
            (id, answer)
        });
        let status = rig.disk.job(id).expect("the job").state().status();
        let expected = match answer {
            Ok(()) => JobStatus::Canceled,
            Err(_) => JobStatus::Complete,
        };
        assert_eq!(status, expected, "canceled after {wait_ms} ms");
        let told = rig.seen_at("/failed").len() + rig.seen_at("/good").len();
        assert_eq!(told, 1, "canceled after {wait_ms} ms");
    }
}

#[test]
fn a_canceled_job_keeps_no_secret_state_and_no_key() {
    let rig = Rig::new(&flow(json!([slow("a")]))).answering(slow_steps);
    rig.live(async |engine: Engine| {
        let input = json!({"_secretStatePut": {"pin": "a secret pin"}});
        let id = engine
            .start_job(start(Some(input)))
            .await
            .expect("started")
            .job_id;
        rig.clock.sleep_until_ms(BEGIN_MS + 1_000).await;
        cancel(&engine, id).await.expect("it can be canceled");
        assert!(
            rig.disk
                .job(id)
                .expect("the job")
                .stored
                .secret_state
                .is_none()
        );
    });
    assert_eq!(rig.keys.count(), 0);
}
