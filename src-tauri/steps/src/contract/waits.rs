//! What is special about `delay` and `respond`.

use hookloom_engine::Engine;
use hookloom_engine::ports::Clock as _;
use hookloom_engine::testing::{BEGIN_MS, Rig, start};
use hookloom_model::JobStatus;
use hookloom_model::journal::Event;
use serde_json::{Value, json};

use super::cases::{data, rig, run};
use crate::Kinds;

fn ended_after_ms(rig: &Rig) -> i64 {
    let state = rig.disk.jobs()[0].state();
    state.ended.map_or(0, |ended| ended.at_ms) - BEGIN_MS
}

#[test]
fn a_delay_lasts_as_long_as_it_says_and_counts_against_no_timeout() {
    let document = json!({
        "format": "hookloom.flow/1", "name": "tested", "timeout_ms": 1_000,
        "steps": [
            {"name": "it", "kind": "delay", "for_ms": 7_200_000, "timeout_ms": 10},
            {"name": "behind", "kind": "set", "values": {"until": "{{steps.it.data.until}}"}, "after": [{"step": "it"}]},
        ],
    });
    let rig = Rig::new(&document).with_kinds(Kinds);
    let job = rig.run(None);
    assert_eq!(job.status, JobStatus::Complete, "{}", job.text());
    assert_eq!(ended_after_ms(&rig), 7_200_000);
    assert_eq!(data(&job), json!({"until": "2026-11-22T02:20:12.431Z"}));
}

#[test]
fn a_delay_goes_on_over_restarts_and_is_waiting_meanwhile() {
    let rig = rig("delay", &json!({"for_ms": "{{requestBody.n * 1000}}"}));
    rig.live(async |engine: Engine| {
        engine
            .start_job(start(Some(json!({"n": 60}))))
            .await
            .expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 10_000).await;
    });
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Waiting, "a wait is on disk at once");
    rig.live(async |_engine: Engine| rig.clock.sleep_until_ms(BEGIN_MS + 20_000).await);
    rig.clock.skip_ms(5_000);
    rig.live(async |_engine: Engine| rig.rest().await);
    let job = &rig.disk.jobs()[0];
    assert_eq!(job.status, JobStatus::Complete);
    assert_eq!(ended_after_ms(&rig), 60_000);
    let starts = job.events().into_iter();
    let starts = starts.filter(|event| matches!(event, Event::StepStarted { .. }));
    assert_eq!(starts.count(), 1, "a wait is no attempt");
}

#[test]
fn a_delay_that_was_over_while_nothing_ran_ends_at_the_next_start() {
    let rig = rig("delay", &json!({"for_ms": 60_000}));
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(BEGIN_MS + 1_000).await;
    });
    rig.clock.skip_ms(3_600_000);
    rig.live(async |_engine: Engine| rig.rest().await);
    assert_eq!(rig.disk.jobs()[0].status, JobStatus::Complete);
    assert_eq!(ended_after_ms(&rig), 3_601_000);
}

#[test]
fn a_time_that_has_passed_is_no_wait() {
    for keys in [
        json!({"until": "2020-01-01T00:00:00Z"}),
        json!({"until": "{{requestBody.at}}"}),
        json!({"for_ms": 0}),
        json!({"for_ms": "{{requestBody.none}}"}),
    ] {
        let rig = rig("delay", &keys);
        let input = json!({"at": "2026-11-22T01:20:12.431+01:00", "none": "-5"});
        let job = rig.run(Some(input));
        assert_eq!(job.status, JobStatus::Complete, "{keys}: {}", job.text());
        assert_eq!(ended_after_ms(&rig), 0, "{keys}");
    }
}

#[test]
fn a_delay_that_is_too_long_or_no_time_is_an_error_that_says_so() {
    for (at, code, part) in [
        (
            json!("2028-01-01T00:00:00Z"),
            "delay_too_long",
            "delay_ms_max",
        ),
        (json!("tomorrow"), "bad_delay", "2027-01-31T08:00:00Z"),
        (json!(5), "bad_delay", "a number"),
    ] {
        let job =
            rig("delay", &json!({"until": "{{requestBody.at}}"})).run(Some(json!({"at": at})));
        let error = job.state().steps["it"].error.clone().expect("a reason");
        assert_eq!(error.code, code);
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn a_delay_ends_with_its_job() {
    let document = json!({
        "format": "hookloom.flow/1", "name": "tested",
        "steps": [
            {"name": "it", "kind": "delay", "for_ms": 3_600_000},
            {"name": "breaks", "kind": "fail", "message": "stop"},
        ],
    });
    let rig = Rig::new(&document).with_kinds(Kinds);
    assert_eq!(rig.run(None).status, JobStatus::Failed);
    assert_eq!(
        ended_after_ms(&rig),
        0,
        "nobody waits for a job that has failed"
    );
}

#[test]
fn respond_leaves_status_headers_and_body_escaped_by_its_content_type() {
    let keys = json!({
        "status": "{{requestBody.status}}",
        "headers": {"Content-Type": "application/json", "X-Note": "n {{requestBody.n}}"},
        "body": "{\"text\": {{requestBody.text}}, \"in\": \"a {{requestBody.text}}\"}",
    });
    let text = "\"}, \"admin\": true, {\"";
    let job = rig("respond", &keys).run(Some(json!({"status": 201, "n": 5, "text": text})));
    let data = data(&job);
    assert_eq!(data["status"], 201);
    assert_eq!(
        data["headers"],
        json!({"Content-Type": "application/json", "X-Note": "n 5"})
    );
    let body: Value = serde_json::from_str(data["body"].as_str().expect("a text")).expect("JSON");
    assert_eq!(body, json!({"text": text, "in": format!("a {text}")}));
}

#[test]
fn respond_keeps_json_as_json_and_has_200_by_default() {
    let job = run(&rig(
        "respond",
        &json!({"body": {"n": "{{requestBody.n}}", "list": [1, true]}}),
    ));
    let expected = json!({"status": 200, "headers": {}, "body": {"n": 5, "list": [1, true]}});
    assert_eq!(data(&job), expected);
    let job = run(&rig("respond", &json!({})));
    assert_eq!(data(&job)["body"], Value::Null);
}

#[test]
fn respond_refuses_a_status_that_ends_no_exchange_and_a_header_that_would_become_two() {
    for (keys, code) in [
        (json!({"status": "{{requestBody.status}}"}), "bad_status"),
        (
            json!({"headers": {"X-Note": "{{requestBody.note}}"}}),
            "value_not_allowed",
        ),
    ] {
        let job = rig("respond", &keys).run(Some(json!({"status": 101, "note": "a\r\nb: c"})));
        let error = job.state().steps["it"].error.clone().expect("a reason");
        assert_eq!(error.code, code, "{}", error.message);
    }
}
