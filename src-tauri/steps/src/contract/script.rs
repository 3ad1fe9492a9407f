//! What is special about `script`. Here a script is an order to the test's stand-in; real ones run in the crate `script`.

use hookloom_engine::testing::{JobRow, Rig};
use hookloom_model::journal::{Event, ValueRef};
use hookloom_model::{JobStatus, StepStatus};
use serde_json::{Value, json};

use super::cases::{data, run};
use crate::Kinds;

/// A flow with this script, which is tried three times.
fn rig(order: &Value) -> Rig {
    Rig::new(&json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": [{
            "name": "it", "kind": "script", "code": order.to_string(),
            "retry": {"attempts_max": 3, "backoff": "fixed", "delay_ms": 1_000},
        }],
    }))
    .with_kinds(Kinds)
}

fn attempts(job: &JobRow) -> usize {
    let started = |event: &Event| matches!(event, Event::StepStarted { .. });
    job.events().iter().filter(|event| started(event)).count()
}

#[test]
fn a_script_gets_memory_by_name_and_leaves_data_memory_and_logs() {
    let loaded = run(&rig(&json!({"load": "requestBody"})));
    assert_eq!(data(&loaded), json!({"n": 5}));
    let nothing = run(&rig(&json!({"load": "nothing"})));
    assert_eq!(data(&nothing), Value::Null);

    let job = run(&rig(
        &json!({"return": 1, "save": {"kept": [2]}, "logs": ["a", "b"]}),
    ));
    assert_eq!(data(&job), json!(1));
    assert_eq!(job.state().memory["kept"], ValueRef::Inline(json!([2])));
    let logged = job.events().into_iter().find_map(|event| match event {
        Event::StepFinished { logs, .. } => Some(logs),
        _ => None,
    });
    assert_eq!(
        logged.as_deref(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
}

#[test]
fn an_exit_ends_the_step_with_its_code_and_is_never_tried_again() {
    let job = run(&rig(
        &json!({"exit": "too_large", "data": {"n": 9}, "save": {"kept": 1}}),
    ));
    let state = job.state();
    let step = &state.steps["it"];
    assert_eq!(step.exit_code.as_deref(), Some("too_large"));
    assert_eq!(step.status, StepStatus::Complete);
    assert_eq!(data(&job), json!({"n": 9}));
    assert!(state.memory.contains_key("kept"));
    let failed = run(&rig(&json!({"exit": "error", "data": 1})));
    let state = failed.state();
    assert_eq!(state.status(), JobStatus::Failed);
    let error = state.steps["it"].error.as_ref().expect("a reason");
    assert_eq!(error.code, "script_exit");
    assert_eq!(attempts(&failed), 1);
}

#[test]
fn a_dead_worker_and_a_timeout_are_tried_again_and_a_thrown_error_is_not() {
    for (fault, code, expected) in [
        ("worker_died", "script_worker_died", 3),
        ("timeout", "script_timeout", 3),
        ("memory", "script_memory", 1),
        ("thrown", "script_error", 1),
    ] {
        let job = run(&rig(
            &json!({"fail": fault, "save": {"kept": 1}, "logs": ["before"]}),
        ));
        let state = job.state();
        let error = state.steps["it"].error.as_ref().expect("a reason");
        assert_eq!((error.code.as_str(), attempts(&job)), (code, expected));
        assert!(
            !state.memory.contains_key("kept"),
            "{fault}: only a result counts"
        );
        let logged = job.events().into_iter().filter(|event| match event {
            Event::StepFinished { logs, .. } | Event::StepRetrying { logs, .. } => {
                logs == &["before"]
            }
            _ => false,
        });
        assert_eq!(
            logged.count(),
            expected,
            "{fault}: each attempt keeps what it logged"
        );
    }
}

#[test]
fn a_script_that_takes_its_time_does_not_hold_up_other_steps() {
    let rig = Rig::new(&json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "steps": [
            {"name": "slow", "kind": "script", "code": json!({"after_ms": 9_000, "return": 1}).to_string()},
            {"name": "call", "kind": "http", "method": "POST", "url": "https://steps.example/it"},
            {"name": "last", "kind": "set", "after": [{"step": "call"}], "values": {"a": 1}},
        ],
    }))
    .with_kinds(Kinds);
    let job = rig.run(None);
    let ends: Vec<String> = job
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::StepFinished { step, .. } => Some(step),
            _ => None,
        })
        .collect();
    assert_eq!(ends, ["call", "last", "slow"]);
    assert_eq!(job.status, JobStatus::Complete);
}
