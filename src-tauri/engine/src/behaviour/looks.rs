//! Looking at the values of a job: as its templates see them, but for everything that is secret.

use std::sync::Arc;

use hookloom_model::JobId;
use hookloom_model::document::{self, FlowDocument};
use hookloom_sensitive::MASK;
use hookloom_template::{Reference, Scope};
use serde_json::{Value, json};

use super::values::arrival;
use crate::testing::{FLOW, Faults, Life, MemoryDatabase, Reply, Rig, block_on};
use crate::{JobLook, LOOK_BYTES_MAX, LookError, StepInput};

fn flow() -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "looked_at",
        "endpoints": [{"name": "orders", "auth": {"kind": "none"}, "body_memory": "requestBody",
                       "header_memory": "requestHeaders"}],
        "steps": [
            {"name": "a", "kind": "http", "method": "POST", "url": "https://steps.example/a",
             "headers": {"Authorization": "Bearer {{secrets.key}}"}},
            {"name": "b", "kind": "http", "method": "POST", "url": "https://steps.example/b"},
        ],
        "vars": {"shop": "north"},
    })
}

fn rig() -> Rig {
    let rig = Rig::new(&flow());
    rig.secrets.set("key", "canary-of-the-key");
    rig
}

fn reference(path: &str) -> Reference {
    let mut parts = path.split('.').map(str::to_owned);
    Reference {
        root: parts.next().unwrap_or_default(),
        path: parts.collect(),
    }
}

fn looked<T>(rig: &Rig, job: Option<JobId>, look: impl AsyncFnOnce(&mut JobLook) -> T) -> T {
    let life = Life::new(0, Faults::default());
    let journal = MemoryDatabase::new(Arc::clone(&rig.disk), life, Arc::clone(&rig.seen));
    let document: FlowDocument = document::from_value(flow())
        .into_document()
        .expect("it is sound");
    block_on(&rig.clock, async {
        let opened = JobLook::open(journal, FLOW, document, job).await;
        look(&mut opened.expect("the record is there")).await
    })
}

fn scope(rig: &Rig, job: Option<JobId>, names: &[&str]) -> Scope {
    let references: Vec<Reference> = names.iter().copied().map(reference).collect();
    looked(rig, job, async |look: &mut JobLook| {
        look.scope(&references).await.expect("it can be read")
    })
}

#[test]
fn credentials_are_as_they_were_recorded_and_secrets_are_not_there_at_all() {
    let rig = rig();
    let job = rig.receive(arrival(r#"{"n": 7}"#));
    let names = [
        "trigger",
        "requestHeaders",
        "requestBody",
        "secrets.key",
        "vars",
        "steps.a",
        "job",
    ];
    let scope = scope(&rig, Some(job.id()), &names);
    let value = |root: &str| {
        scope
            .get(root)
            .map(|value| Value::clone(value))
            .unwrap_or_default()
    };
    assert_eq!(value("trigger")["headers"]["authorization"], MASK);
    assert_eq!(value("requestHeaders")["authorization"], MASK);
    assert_eq!(value("requestHeaders")["x-a"], "1, 2");
    assert_eq!(value("requestBody"), json!({"n": 7}));
    assert_eq!(value("vars"), json!({"shop": "north"}));
    assert_eq!(value("steps")["a"]["exit_code"], "success");
    assert_eq!(value("job")["flow"], "looked_at");
    assert!(scope.get("secrets").is_none());
}

#[test]
fn of_secret_state_there_are_names_also_after_the_end() {
    let rig = rig();
    let job = rig.run(Some(
        json!({"n": 7, "_secretStatePut": {"pin": "canary-of-the-pin"}}),
    ));
    let scope = scope(&rig, Some(job.id()), &["secretState.pin"]);
    let state = scope.get("secretState").map(|state| Value::clone(state));
    assert_eq!(state, Some(json!({"pin": MASK})));
}

#[test]
fn without_a_job_there_are_variables_and_nothing_that_looks_like_a_value() {
    let scope = scope(
        &rig(),
        None,
        &["vars", "trigger.body", "steps.a", "job.id", "requestBody"],
    );
    assert_eq!(scope.names().collect::<Vec<_>>(), ["vars"]);
}

#[test]
fn what_lies_apart_is_counted_before_it_is_loaded_and_too_much_is_refused() {
    let large = format!("{{\"text\": \"{}\"}}", "x".repeat(9 * 1024 * 1024));
    let rig = rig().answering(move |_| Reply::json(200, &large));
    let job = rig.run(None);
    let bytes = |names: &[&str]| {
        let references: Vec<Reference> = names.iter().copied().map(reference).collect();
        looked(&rig, Some(job.id()), async |look: &mut JobLook| {
            look.bytes_of(&references)
        })
    };
    assert!(bytes(&["steps.a.data.body"]) > 9 * 1024 * 1024);
    assert_eq!(bytes(&["steps.a.exit_code", "vars", "trigger"]), 0);
    let refused = looked(&rig, Some(job.id()), async |look: &mut JobLook| {
        look.scope(&[reference("steps")]).await.map(|_| ())
    });
    let refused = refused.expect_err("both together are too much");
    assert!(matches!(refused, LookError::TooLarge { bytes } if bytes > LOOK_BYTES_MAX));
    assert!(
        scope(&rig, Some(job.id()), &["steps.a.data"])
            .get("steps")
            .is_some()
    );
}

#[test]
fn a_step_found_what_was_there_when_it_began_and_no_secret() {
    let mut flow = flow();
    flow["steps"][1] = json!({
        "name": "b", "kind": "http", "method": "POST", "url": "https://steps.example/b",
        "after": [{"step": "a"}], "headers": {"Authorization": "Bearer {{secrets.key}}"},
        "body": "{{job.status}} {{steps.a.data.body.n}} {{requestBody.n}} {{vars.shop}}",
    });
    let skipped = json!({
        "name": "c", "kind": "http", "method": "POST", "url": "https://steps.example/c",
        "after": [{"step": "b", "on": ["error"]}],
    });
    flow["steps"].as_array_mut().expect("a list").push(skipped);
    let rig = Rig::new(&flow).answering(|_| Reply::json(200, r#"{"n": 5}"#));
    rig.secrets.set("key", "canary-of-the-key");
    let job = rig.run(Some(json!({"n": 7}))).id();
    rig.live(|engine| async move {
        let found = engine.step_input(job, "b").await;
        let StepInput { values, left_out } = found.expect("it can be read").expect("it began");
        let names: Vec<&str> = values.keys().map(String::as_str).collect();
        assert_eq!(names, ["job", "requestBody", "steps", "vars"]);
        assert_eq!(values["job"]["status"], "running");
        assert_eq!(values["requestBody"], json!({"n": 7}));
        assert_eq!(values["steps"]["a"]["data"]["body"], json!({"n": 5}));
        assert!(left_out.is_empty());
        let skipped = engine.step_input(job, "c").await;
        assert_eq!(skipped.expect("it can be read"), None);
        let unknown = engine.step_input(job, "d").await;
        let refused = unknown.expect_err("there is none");
        assert!(refused.to_string().contains('d'), "{refused}");
    });
}
