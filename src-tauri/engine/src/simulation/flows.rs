//! Random flow documents.

use serde_json::{Value, json};

use crate::testing::SplitMix;

/// A document with a few steps, edges, retries and webhook tasks.
pub(super) fn random_document(random: &mut SplitMix) -> Value {
    let steps: Vec<Value> = (0..1 + random.below(5))
        .map(|number| step(number, random))
        .collect();
    let tasks: Vec<Value> = (0..random.below(3))
        .map(|number| task(number, random))
        .collect();
    json!({
        "format": "hookloom.flow/1",
        "name": "simulated",
        "timeout_ms": 600_000,
        "endpoints": [{"name": "simulated_in", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": steps,
        "outputs": [],
        "webhook_tasks": tasks,
    })
}

fn step(number: u64, random: &mut SplitMix) -> Value {
    let mut after = Vec::new();
    for earlier in 0..number {
        if random.chance(400) {
            let on = match random.below(3) {
                0 => json!(["*"]),
                1 => json!(["error"]),
                _ => json!(["success"]),
            };
            after.push(json!({"step": format!("s{earlier}"), "on": on}));
        }
    }
    let mut step = if random.chance(300) {
        json!({"kind": "set", "values": {"number": "{{requestBody.number}}"}})
    } else if random.chance(200) {
        json!({"kind": "delay", "for_ms": random.below(4) * 40_000})
    } else {
        json!({
            "kind": "http",
            "method": "POST",
            "url": format!("https://steps.example/s{number}"),
            "headers": {"Content-Type": "application/json"},
            "body": "{\"number\": {{requestBody.number}}}",
            "timeout_ms": 30_000,
            "retry": {"attempts_max": 1 + random.below(4), "backoff": "exponential", "delay_ms": 1_000},
        })
    };
    step["name"] = json!(format!("s{number}"));
    if after.len() > 1 && random.chance(400) {
        step["join"] = json!("any");
    }
    if !after.is_empty() {
        step["after"] = json!(after);
    }
    step
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
