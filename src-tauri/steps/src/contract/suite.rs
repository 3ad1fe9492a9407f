//! One suite for every kind: run twice, fail, time out, and be cut off at any point.

use std::collections::BTreeSet;

use hookloom_engine::Engine;
use hookloom_engine::ports::{Clock as _, HttpErrorKind};
use hookloom_engine::testing::{BEGIN_MS, Faults, Reply, start};
use hookloom_model::journal::Event;
use hookloom_model::{JobStatus, StepStatus};
use serde_json::{Value, json};

use super::cases::{ANSWER, cases, data, flow, rig, rig_of, run};

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
        for job in [&first, &second] {
            let state = job.state();
            let exit_code = state.steps["it"].exit_code.as_deref();
            assert_eq!(exit_code, Some(case.exit_code), "{}", case.kind);
        }
        if case.kind != "delay" {
            assert_eq!(data(&first), data(&second), "{}", case.kind);
        }
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
fn every_kind_that_calls_ends_with_an_error_when_nobody_answers() {
    for case in cases().into_iter().filter(|case| case.calls) {
        for kind in [
            HttpErrorKind::Dns,
            HttpErrorKind::Connect,
            HttpErrorKind::Tls,
            HttpErrorKind::Refused,
            HttpErrorKind::TooLarge,
            HttpErrorKind::Interrupted,
        ] {
            let rig = rig(case.kind, &case.works).answering(move |_| Reply::failure(kind));
            let state = run(&rig).state();
            let error = state.steps["it"].error.as_ref().expect("a reason");
            assert_eq!(error.code, kind.as_str(), "{}", case.kind);
            assert_eq!(state.status(), JobStatus::Failed, "{}", case.kind);
        }
    }
}

#[test]
fn every_kind_that_calls_ends_at_its_timeout() {
    for case in cases() {
        let mut works = case.works.clone();
        works["retry"] = json!({"attempts_max": 1});
        let rig = rig_of(&flow(case.kind, &works, 2_000))
            .answering(|_| Reply::json(200, ANSWER).after(3_600_000));
        let state = run(&rig).state();
        let took_ms = state.ended.as_ref().map_or(0, |ended| ended.at_ms) - BEGIN_MS;
        if case.calls {
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
fn every_kind_under_way_is_stopped_when_its_job_is_canceled() {
    let mut waiting: Vec<(&str, Value)> = vec![("delay", json!({"for_ms": 3_600_000}))];
    let cases = cases();
    let calling = cases.iter().filter(|case| case.calls);
    waiting.extend(calling.map(|case| (case.kind, case.works.clone())));
    for (kind, keys) in waiting {
        let rig = rig(kind, &keys).answering(|_| Reply::json(200, ANSWER).after(20_000));
        rig.live(async |engine: Engine| {
            let started = engine.start_job(start(Some(json!({"n": 5})))).await;
            let job_id = started.expect("started").job_id;
            rig.clock.sleep_until_ms(BEGIN_MS + 1_000).await;
            let canceled = engine.cancel(job_id, "test".to_owned()).await;
            canceled.expect("it has not ended");
            rig.rest().await;
        });
        let job = &rig.disk.jobs()[0];
        let state = job.state();
        assert_eq!(job.status, JobStatus::Canceled, "{kind}");
        assert_eq!(state.steps["it"].status, StepStatus::Canceled, "{kind}");
        let ended_at_ms = state.ended.map_or(0, |ended| ended.at_ms);
        assert_eq!(ended_at_ms - BEGIN_MS, 1_000, "{kind}: at once");
    }
}

#[test]
fn every_kind_that_is_cut_off_goes_on_with_the_same_execution() {
    for case in cases().into_iter().filter(|case| case.calls) {
        let rig = rig(case.kind, &case.works).answering(|_| Reply::json(200, ANSWER).after(5_000));
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
        assert_eq!(executions(job.events()), (2, 1), "{}", case.kind);
        let seen = rig.seen.lock();
        assert_eq!(
            seen[0].header("idempotency-key"),
            seen[1].header("idempotency-key")
        );
    }
}

#[test]
fn every_kind_ends_the_same_wherever_the_process_dies() {
    let mut deaths = 0;
    for case in cases() {
        let whole = run(&rig(case.kind, &case.works));
        for seed in 0..20 {
            let rig = rig(case.kind, &case.works);
            let faults = Faults {
                crash_before: 60,
                crash_after: 60,
                ..Faults::default()
            };
            let mut is_begun = false;
            for life in 0..6 {
                let faults = if life < 5 { faults } else { Faults::default() };
                let begin = !is_begun;
                let ended = rig.live_with(seed * 10 + life, faults, async |engine: Engine| {
                    if begin {
                        let _ = engine.start_job(start(Some(json!({"n": 5})))).await;
                    }
                    rig.rest().await;
                });
                deaths += u32::from(ended.is_none());
                is_begun = !rig.disk.jobs().is_empty();
            }
            let jobs = rig.disk.jobs();
            let job = jobs.first().expect("it was begun in the end");
            let expected = |value: &Value| {
                if case.kind == "delay" {
                    Value::Null
                } else {
                    value.clone()
                }
            };
            let state = job.state();
            if state.steps["it"]
                .error
                .as_ref()
                .is_some_and(|error| error.code == "interrupted")
            {
                continue;
            }
            assert_eq!(
                state.steps["it"].exit_code.as_deref(),
                Some(case.exit_code),
                "{} {seed}",
                case.kind
            );
            assert_eq!(
                expected(&data(job)),
                expected(&data(&whole)),
                "{} {seed}",
                case.kind
            );
            assert_eq!(executions(job.events()).1, 1, "{} {seed}", case.kind);
            let seen = rig.seen.lock();
            let keys: BTreeSet<_> = seen
                .iter()
                .map(|call| call.header("idempotency-key"))
                .collect();
            assert!(keys.len() <= 1, "{} {seed}: {keys:?}", case.kind);
        }
    }
    assert!(
        deaths > 50,
        "a suite in which nothing dies shows nothing: {deaths}"
    );
}

/// How many attempts began, and how many executions they belong to.
fn executions(events: Vec<Event>) -> (usize, usize) {
    let starts = events.into_iter().filter_map(|event| match event {
        Event::StepStarted { execution, .. } => Some(execution.to_string()),
        _ => None,
    });
    let starts: Vec<String> = starts.collect();
    let distinct: BTreeSet<&String> = starts.iter().collect();
    (starts.len(), distinct.len())
}
