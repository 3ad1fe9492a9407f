//! What a job costs in processor time, without a disk or a network: to look for needless work, not to compare machines.

use std::time::Instant;

use serde_json::json;

use crate::Engine;
use crate::testing::{Rig, start};

const JOBS: u32 = 5_000;

#[test]
#[ignore = "prints figures; run it alone, in release, under a profiler"]
#[expect(clippy::print_stdout, reason = "the figures are its purpose")]
fn the_cost_of_a_job_with_one_call() {
    let rig = Rig::new(&json!({
        "format": "hookloom.flow/1",
        "name": "tested",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": [
            {"name": "enrich", "kind": "set", "values": {"email": "{{requestBody.email}}", "total": "{{requestBody.total}}"}},
            {
                "name": "ship", "kind": "http", "method": "POST", "url": "https://steps.example/ship",
                "after": [{"step": "enrich"}],
                "headers": {"Authorization": "Bearer {{secrets.token}}", "Content-Type": "application/json"},
                "body": "{\"email\": {{steps.enrich.data.email}}, \"note\": \"total {{steps.enrich.data.total}}\"}",
            },
        ],
    }));
    rig.secrets.set("token", "a long enough secret");
    rig.live(async |engine: Engine| {
        let begun = Instant::now();
        for number in 0..JOBS {
            let input = json!({"email": "ops@shop.example", "total": number});
            engine.start_job(start(Some(input))).await.expect("started");
        }
        while !rig.disk.is_at_rest() {
            tokio::task::yield_now().await;
        }
        let each = begun.elapsed() / JOBS;
        println!("{JOBS} jobs, {each:?} each");
    });
}
