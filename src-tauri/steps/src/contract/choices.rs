//! What is special about kinds that only compute: `set`, `condition`, `switch`, `fail`.

use hookloom_engine::testing::Rig;
use hookloom_model::{JobStatus, StepStatus};
use serde_json::{Value, json};

use super::cases::{data, rig, run};
use crate::Kinds;

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

/// A flow in which a step of this kind has an edge for each exit code.
fn branched(kind: &str, keys: &Value, codes: &[&str]) -> Rig {
    let mut steps = vec![json!({"name": "it", "kind": kind})];
    if let (Some(step), Value::Object(keys)) = (steps[0].as_object_mut(), keys.clone()) {
        step.extend(keys);
    }
    for code in codes {
        steps.push(json!({
            "name": format!("on_{code}"), "kind": "set", "values": {},
            "after": [{"step": "it", "on": [code]}],
        }));
    }
    Rig::new(&json!({
        "format": "hookloom.flow/1", "name": "tested",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": steps,
    }))
    .with_kinds(Kinds)
}

/// The exit code, the steps that ran because of it, and how the job ended.
fn way(rig: &Rig, input: Value) -> (String, Vec<String>, JobStatus) {
    let job = rig.run(Some(input));
    let state = job.state();
    let ran = state
        .steps
        .iter()
        .filter(|(name, step)| name.starts_with("on_") && step.status == StepStatus::Complete);
    let ran = ran.map(|(name, _)| name.clone()).collect();
    let code = state.steps["it"].exit_code.clone();
    (code.unwrap_or_default(), ran, job.status)
}

#[test]
fn a_condition_takes_one_of_two_ways() {
    let keys = json!({"expression": "{{ requestBody.total > 100 and requestBody.paid }}"});
    let rig = branched("condition", &keys, &["true", "false"]);
    for (total, code) in [(101, "true"), (100, "false")] {
        let expected = (
            code.to_owned(),
            vec![format!("on_{code}")],
            JobStatus::Complete,
        );
        assert_eq!(way(&rig, json!({"total": total, "paid": true})), expected);
    }
}

#[test]
fn a_condition_takes_nothing_for_true_or_false_that_is_neither() {
    let rig = branched(
        "condition",
        &json!({"expression": "{{ requestBody.x }}"}),
        &["true"],
    );
    for wrong in [
        json!(1),
        json!(0),
        json!("true"),
        json!(""),
        json!(null),
        json!([]),
        json!({}),
    ] {
        let job = rig.run(Some(json!({"x": wrong})));
        let state = job.state();
        let error = state.steps["it"].error.as_ref().expect("a reason");
        assert_eq!(error.code, "not_true_or_false", "{wrong}");
        assert_eq!(job.status, JobStatus::Failed);
    }
}

#[test]
fn a_switch_takes_the_first_case_that_is_equal_as_json() {
    let keys = json!({
        "expression": "{{ requestBody.x }}",
        "cases": {
            "number": 5, "text": "5", "nothing": null, "list": [1, {"a": 2, "b": 3}],
            "same": "{{ requestBody.y }}", "again": 5,
        },
        "default": "other",
    });
    let rig = branched(
        "switch",
        &keys,
        &["number", "text", "nothing", "list", "same", "other"],
    );
    for (x, code) in [
        (json!(5), "number"),
        (json!(5.0), "number"),
        (json!("5"), "text"),
        (json!(null), "nothing"),
        (json!([1.0, {"b": 3, "a": 2}]), "list"),
        (json!("like y"), "same"),
        (json!([1]), "other"),
        (json!(false), "other"),
    ] {
        let expected = (
            code.to_owned(),
            vec![format!("on_{code}")],
            JobStatus::Complete,
        );
        assert_eq!(way(&rig, json!({"x": x, "y": "like y"})), expected, "{x}");
    }
}

#[test]
fn a_switch_without_a_default_fails_when_no_case_fits() {
    let keys = json!({"expression": "{{ requestBody.x }}", "cases": {"one": 1}});
    let rig = branched("switch", &keys, &["one"]);
    let job = rig.run(Some(json!({"x": 2})));
    let error = job.state().steps["it"].error.clone().expect("a reason");
    assert_eq!(
        (error.code.as_str(), job.status),
        ("no_case", JobStatus::Failed)
    );
    assert_eq!(
        data(&job),
        json!(2),
        "what was compared is there to be looked at"
    );
}

#[test]
fn an_exit_code_of_its_own_without_an_edge_only_skips_what_is_downstream() {
    let keys = json!({"expression": "{{ requestBody.x }}", "cases": {"one": 1, "two": 2}});
    let rig = branched("switch", &keys, &["one"]);
    let (code, ran, status) = way(&rig, json!({"x": 2}));
    assert_eq!(
        (code.as_str(), ran.len(), status),
        ("two", 0, JobStatus::Complete)
    );
}

#[test]
fn fail_fails_the_job_with_its_message_unless_somebody_handles_it() {
    let keys = json!({"message": "no stock for {{requestBody.sku}}"});
    let job = branched("fail", &keys, &[]).run(Some(json!({"sku": "A-7"})));
    assert_eq!(job.status, JobStatus::Failed);
    let error = job
        .state()
        .ended
        .and_then(|ended| ended.error)
        .expect("a reason");
    assert!(
        error.message.contains("no stock for A-7"),
        "{}",
        error.message
    );
    let handled = branched("fail", &keys, &["error"]);
    let (code, ran, status) = way(&handled, json!({"sku": "A-7"}));
    assert_eq!((code.as_str(), status), ("error", JobStatus::Complete));
    assert_eq!(ran, ["on_error"]);
}

#[test]
fn fail_with_an_exit_code_of_its_own_chooses_an_edge() {
    let keys = json!({"message": "declined", "exit_code": "declined"});
    let rig = branched("fail", &keys, &["declined", "error"]);
    let (code, ran, status) = way(&rig, json!({}));
    assert_eq!((code.as_str(), status), ("declined", JobStatus::Complete));
    assert_eq!(ran, ["on_declined"]);
}
