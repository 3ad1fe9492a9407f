//! Random flow documents, of every kind of step.

use hookloom_engine::testing::SplitMix;
use serde_json::{Value, json};

/// A document with a few steps, edges, retries, webhook tasks, and perhaps a schedule.
pub(super) fn random_document(random: &mut SplitMix) -> Value {
    let mut steps: Vec<Value> = Vec::new();
    let mut codes: Vec<&[&str]> = Vec::new();
    for number in 0..1 + random.below(5) {
        let (mut step, own) = kind(number, random);
        step["name"] = json!(format!("s{number}"));
        let after = edges(&codes, random);
        if after.len() > 1 && random.chance(400) {
            step["join"] = json!("any");
        }
        if !after.is_empty() {
            step["after"] = json!(after);
        }
        steps.push(step);
        codes.push(own);
    }
    let tasks: Vec<Value> = (0..random.below(3))
        .map(|number| task(number, random))
        .collect();
    let mut document = json!({
        "format": "hookloom.flow/1",
        "name": "simulated",
        "timeout_ms": 600_000,
        "endpoints": [{"name": "simulated_in", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": steps,
        "outputs": [],
        "webhook_tasks": tasks,
    });
    if random.chance(200) {
        let missed = ["skip", "run_once"][random.below(2) as usize];
        document["schedules"] = json!([{
            "name": "tick", "cron": "0 */6 * * *", "missed": missed, "input": {"number": 1},
        }]);
    }
    document
}

fn edges(codes: &[&[&str]], random: &mut SplitMix) -> Vec<Value> {
    let mut edges = Vec::new();
    for (earlier, codes) in codes.iter().enumerate() {
        if random.chance(400) {
            let on = match random.below(3) {
                0 => "*",
                _ => codes[random.below(codes.len() as u64) as usize],
            };
            edges.push(json!({"step": format!("s{earlier}"), "on": [on]}));
        }
    }
    edges
}

/// What a step does, and the exit codes that it may have.
fn kind(number: u64, random: &mut SplitMix) -> (Value, &'static [&'static str]) {
    const PLAIN: &[&str] = &["success", "error"];
    let url = format!("https://steps.example/s{number}");
    let retry =
        json!({"attempts_max": 1 + random.below(4), "backoff": "exponential", "delay_ms": 1_000});
    match random.below(16) {
        0 | 1 => (
            json!({"kind": "set", "values": {"number": "{{requestBody.number}}"}}),
            PLAIN,
        ),
        2 | 3 => (
            json!({"kind": "delay", "for_ms": random.below(4) * 40_000}),
            PLAIN,
        ),
        4 => (
            json!({"kind": "condition", "expression": "{{requestBody.number > 1}}"}),
            &["true", "false"],
        ),
        5 => (
            json!({"kind": "switch", "expression": "{{requestBody.number}}",
                "cases": {"none": 0, "one": 1}, "default": "more"}),
            &["none", "one", "more"],
        ),
        6 => (
            json!({"kind": "fail", "message": "{{requestBody.number}}", "exit_code": "stopped"}),
            &["stopped"],
        ),
        7 => (
            json!({"kind": "respond", "status": 201, "body": {"number": "{{requestBody.number}}"}}),
            PLAIN,
        ),
        8 => (
            json!({"kind": "script", "code": script(random), "timeout_ms": 30_000, "retry": retry}),
            PLAIN,
        ),
        9 => (
            json!({"kind": "remote", "url": url, "secret": "signing", "data": "{{requestBody.number}}",
                "timeout_ms": 30_000, "retry": retry}),
            PLAIN,
        ),
        10 => (
            json!({"kind": "llm", "url": url, "model": "m", "prompt": "say {{requestBody.number}}",
                "timeout_ms": 30_000, "retry": retry}),
            PLAIN,
        ),
        _ => (
            json!({
                "kind": "http",
                "method": "POST",
                "url": url,
                "headers": {"Content-Type": "application/json"},
                "body": "{\"number\": {{requestBody.number}}}",
                "timeout_ms": 30_000,
                "retry": retry,
            }),
            PLAIN,
        ),
    }
}

/// An order to the stand-in of the script workers.
fn script(random: &mut SplitMix) -> String {
    let order = match random.below(5) {
        0 => json!({"fail": "worker_died"}),
        1 => json!({"fail": "thrown"}),
        2 => json!({"return": 1, "after_ms": 90_000}),
        _ => json!({"return": [1, 2], "save": {"kept": 1}, "after_ms": random.below(5_000)}),
    };
    order.to_string()
}

fn task(number: u64, random: &mut SplitMix) -> Value {
    let event = ["job_finished", "job_succeeded", "job_failed"][random.below(3) as usize];
    json!({
        "name": format!("Task {number}"),
        "url": format!("https://tasks.example/t{number}"),
        "method": "POST",
        "event": event,
        "object": "any_job",
        "headers": {"Content-Type": "application/json"},
        "body": "{\"job\": $jobId, \"status\": $jobStatus}",
        "secret": "signing",
    })
}

#[test]
fn every_random_document_can_be_published_and_every_kind_is_among_them() {
    let mut kinds = std::collections::BTreeSet::new();
    let mut scheduled = 0;
    for seed in 0..300 {
        let document = random_document(&mut SplitMix::new(seed));
        let parsed = hookloom_model::document::from_value(document.clone());
        assert!(!parsed.blocks_publish(), "{seed}: {:#?}", parsed.problems);
        let steps = document["steps"].as_array().cloned().unwrap_or_default();
        kinds.extend(steps.iter().map(|step| step["kind"].to_string()));
        scheduled += u32::from(!document["schedules"].is_null());
    }
    assert_eq!(kinds.len(), 10, "{kinds:?}");
    assert!(scheduled > 20);
}
