//! Trying a draft: durable jobs that tell nobody, pinned results, and one step at once that leaves no trace.

use hookloom_model::document::{self, FlowDocument};
use hookloom_model::journal::{Event, ValueRef};
use hookloom_model::{JobStatus, StepStatus};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::values::arrival;
use crate::testing::{FLOW, JobRow, Reply, Rig, start};
use crate::{
    Continue, Engine, Pin, Replay, Replayed, StartError, StepTrial, StepTrialError, StepTried,
    TrialJob,
};

/// The version that was made for a trial.
const TRIAL: i64 = -1;

fn flow() -> Value {
    let call = |name: &str, after: Value, body: &str| {
        json!({"name": name, "kind": "http", "method": "POST", "url": format!("https://steps.example/{name}"),
            "headers": {"Content-Type": "application/json"}, "body": body, "after": after,
            "retry": {"attempts_max": 3, "backoff": "fixed", "delay_ms": 1000}})
    };
    json!({
        "format": "hookloom.flow/1", "name": "tried",
        "endpoints": [{"name": "orders", "auth": {"kind": "none"}, "body_memory": "requestBody",
                       "header_memory": "requestHeaders"}],
        "steps": [
            call("a", json!([]), r#"{"n": {{trigger.body.n}}, "key": {{secrets.key}}}"#),
            call("b", json!([{"step": "a"}]), r#"{"from": {{steps.a.data.body.id}}, "shop": {{trigger.headers["x-shop"] | default("none")}}}"#),
        ],
        "webhook_tasks": [{"name": "tell", "url": "https://tasks.example/", "event": "job_finished", "object": "any_job"}],
    })
}

fn rig() -> Rig {
    let rig = Rig::new(&flow());
    rig.secrets.set("key", "canary-of-the-key");
    rig.disk.publish(FLOW, TRIAL, &flow());
    rig
}

fn pinned(data: Value) -> IndexMap<String, Pin> {
    let pin = Pin {
        data,
        exit_code: None,
    };
    IndexMap::from([("a".to_owned(), pin)])
}

fn trial(pins: IndexMap<String, Pin>) -> TrialJob {
    let mut start = start(Some(json!({"n": 7})));
    start.version = TRIAL;
    TrialJob {
        start,
        request: None,
        headers: IndexMap::new(),
        query: IndexMap::new(),
        pins,
        send_tasks: false,
    }
}

fn tried(rig: &Rig, trial: TrialJob) -> Result<JobRow, StartError> {
    let started = rig.live(async |engine: Engine| {
        let started = engine.try_draft(trial).await;
        rig.rest().await;
        started
    })?;
    Ok(rig.disk.job(started.job_id).expect("the job is stored"))
}

#[test]
fn a_pinned_step_does_not_run_and_later_ones_read_its_result() {
    let rig = rig();
    let job = tried(
        &rig,
        trial(pinned(
            json!({"body": {"id": 5}, "said": "canary-of-the-key"}),
        )),
    )
    .expect("it runs");
    assert_eq!(job.status, JobStatus::Complete);
    assert!(rig.seen_at("/a").is_empty(), "it was pinned");
    assert_eq!(rig.seen_at("/b")[0].body, r#"{"from": 5, "shop": "none"}"#);
    let state = job.state();
    assert!(state.steps["a"].is_pinned && !state.steps["b"].is_pinned);
    assert!(!job.text().contains("canary"), "what is pinned is masked");
    assert!(rig.disk.deliveries().is_empty(), "nobody is told");
}

#[test]
fn webhook_tasks_of_a_trial_are_sent_only_if_that_is_asked_for() {
    let rig = rig();
    let asked = TrialJob {
        send_tasks: true,
        ..trial(pinned(json!({"body": {"id": 5}})))
    };
    tried(&rig, asked).expect("it runs");
    assert_eq!(rig.disk.deliveries().len(), 1);
}

#[test]
fn a_trial_of_a_stored_request_has_its_headers_and_those_that_were_given() {
    let rig = rig();
    let real = rig.receive(arrival(r#"{"n": 7}"#));
    let before = rig.seen_at("/b").len();
    let asked = TrialJob {
        request: Some(real.stored.request_id),
        headers: IndexMap::from([("x-shop".to_owned(), "north".to_owned())]),
        start: crate::StartJob {
            version: TRIAL,
            ..start(None)
        },
        ..trial(pinned(json!({"body": {"id": 6}})))
    };
    let job = tried(&rig, asked).expect("it runs");
    let state = job.state();
    assert_eq!(
        state.replays.and_then(|replays| replays.request),
        Some(real.stored.request_id)
    );
    assert_eq!(
        rig.seen_at("/b")[before].body,
        r#"{"from": 6, "shop": "north"}"#
    );
}

#[test]
fn a_trial_that_is_replayed_or_continued_stays_one_and_keeps_its_pins() {
    let rig = rig().answering(|_| Reply::json(404, "{}"));
    let large = json!({"body": {"id": "x".repeat(70_000)}});
    let first = tried(&rig, trial(pinned(large))).expect("it runs");
    assert_eq!(first.status, JobStatus::Failed);
    let pin = &first.state().steps["a"].data;
    assert!(matches!(pin, Some(ValueRef::Blob { .. })), "it lies apart");
    let begin = |engine: Engine, again: bool| async move {
        match again {
            true => {
                let replay = Replay {
                    of: Replayed::Job(first.id()),
                    version: TRIAL,
                    by: "Ada".to_owned(),
                    input: None,
                    outputs: None,
                    secret_state: Map::new(),
                    depth: 0,
                };
                engine.replay(replay).await
            }
            false => {
                let go_on = Continue {
                    job_id: first.id(),
                    from: None,
                    by: "Ada".to_owned(),
                    secret_state: Map::new(),
                    depth: 0,
                };
                engine.continue_job(go_on).await
            }
        }
    };
    for again in [true, false] {
        let begin = begin.clone();
        let started = rig.live(async |engine: Engine| {
            let started = begin(engine.clone(), again).await;
            rig.rest().await;
            started.expect("it runs")
        });
        let state = rig.disk.job(started.job_id).expect("it is stored").state();
        assert!(state.trial.is_some());
        assert_eq!(
            state.steps["a"].is_pinned, !again,
            "a continued job takes results over"
        );
    }
    assert!(rig.disk.deliveries().is_empty(), "still nobody is told");
}

#[test]
fn a_pin_of_a_step_that_is_not_there_begins_nothing() {
    let rig = rig();
    let pins = IndexMap::from([(
        "nobody".to_owned(),
        Pin {
            data: Value::Null,
            exit_code: None,
        },
    )]);
    let refused = tried(&rig, trial(pins)).expect_err("there is no such step");
    assert!(matches!(refused, StartError::UnknownStep { step, .. } if step == "nobody"));
    assert!(rig.disk.jobs().is_empty());
}

#[test]
fn a_trial_that_is_cut_off_goes_on_without_running_what_is_pinned() {
    let rig = rig();
    rig.live(async |engine: Engine| {
        engine
            .try_draft(trial(pinned(json!({"body": {"id": 5}}))))
            .await
            .expect("it is on disk");
    });
    // The process is gone before the job began.
    rig.live(async |_: Engine| rig.rest().await);
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Complete);
    assert!(rig.seen_at("/a").is_empty());
    let begun = &job.stored.entries[1].event;
    assert!(matches!(
        begun,
        Event::JobTries {
            send_tasks: false,
            ..
        }
    ));
}

fn step_trial(step: &str) -> StepTrial {
    let document: FlowDocument = document::from_value(flow())
        .into_document()
        .expect("it is sound");
    StepTrial {
        flow_id: FLOW,
        document,
        step: step.to_owned(),
        job: None,
        pins: IndexMap::new(),
        body: Some(json!({"n": 3})),
        headers: IndexMap::new(),
        query: IndexMap::new(),
    }
}

fn step_tried(rig: &Rig, trial: StepTrial) -> Result<StepTried, StepTrialError> {
    rig.live(async |engine: Engine| engine.try_step(trial).await)
}

#[test]
fn a_step_is_tried_really_and_leaves_no_trace_and_no_secret() {
    let rig = rig().answering(|_| Reply::json(200, r#"{"echo": "canary-of-the-key"}"#));
    let tried = step_tried(&rig, step_trial("a")).expect("it ran");
    assert_eq!(
        rig.seen_at("/a")[0].body,
        r#"{"n": 3, "key": "canary-of-the-key"}"#
    );
    assert_eq!(tried.exit_code.as_deref(), Some("success"));
    assert!(!format!("{tried:?}").contains("canary"), "{tried:?}");
    assert!(rig.disk.jobs().is_empty() && rig.disk.commits() == 0);
}

#[test]
fn a_step_that_fails_is_not_tried_again_and_one_without_its_values_says_so() {
    let rig = rig().answering(|_| Reply::json(503, "{}"));
    let failed = step_tried(&rig, step_trial("a")).expect("it ran");
    assert_eq!(failed.exit_code.as_deref(), Some("error"));
    assert_eq!(rig.seen_at("/a").len(), 1);
    let without = step_tried(&rig, step_trial("b")).expect("it ran");
    assert_eq!(without.exit_code.as_deref(), Some("error"));
    assert!(rig.seen_at("/b").is_empty(), "its template has no value");
    let unknown = step_tried(&rig, step_trial("c")).expect_err("there is none");
    assert!(matches!(
        unknown,
        StepTrialError::Step(StartError::UnknownStep { .. })
    ));
}

#[test]
fn a_step_is_tried_with_the_values_of_a_job_and_pins_on_top() {
    let rig =
        rig().answering(|seen| Reply::json(200, &format!(r#"{{"id": {}}}"#, seen.body.len())));
    let job = rig.run(Some(json!({"n": 7})));
    assert_eq!(job.state().step_status("b"), StepStatus::Complete);
    let deliveries = rig.disk.deliveries().len();
    let of_job = |pins| StepTrial {
        job: Some(job.id()),
        body: None,
        pins,
        ..step_trial("b")
    };
    let seen = rig.seen_at("/b").len();
    step_tried(&rig, of_job(IndexMap::new())).expect("it ran");
    step_tried(&rig, of_job(pinned(json!({"body": {"id": 99}})))).expect("it ran");
    let bodies: Vec<String> = rig.seen_at("/b")[seen..]
        .iter()
        .map(|it| it.body.clone())
        .collect();
    assert_eq!(bodies[0], rig.seen_at("/b")[0].body);
    assert_eq!(bodies[1], r#"{"from": 99, "shop": "none"}"#);
    assert_eq!(rig.disk.jobs().len(), 1);
    assert_eq!(rig.disk.deliveries().len(), deliveries);
}
