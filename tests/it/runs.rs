//! Jobs that somebody steers: canceled, replayed, continued, asked for some outputs, or begun by a schedule. By the
//! real program, also across a `kill -9`.

use serde_json::{Value, json};

use crate::support::{TestReceiver, Workspace, await_job};

fn flow(receiver: &str) -> Value {
    let call = |name: &str, after: Value| {
        json!({"name": name, "kind": "http", "method": "POST", "url": format!("{receiver}/{name}"),
            "headers": {"Content-Type": "application/json"}, "body": "{\"n\": {{trigger.body.n}}}",
            "after": after, "retry": {"attempts_max": 3, "backoff": "fixed", "delay_ms": 600_000}})
    };
    json!({
        "format": "hookloom.flow/1",
        "name": "steered",
        "endpoints": [{"name": "steered_in", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
        "steps": [call("first", json!([])), call("second", json!([{"step": "first"}]))],
        "outputs": [{"name": "early", "step": "first"}, {"name": "late", "step": "second"}],
        "schedules": [{"name": "nightly", "cron": "30 2 * * *", "time_zone": "Europe/Berlin"}],
    })
}

fn show(workspace: &Workspace, id: &Value) -> Value {
    workspace.json(&["job", "show", &id.to_string()])
}

fn status(workspace: &Workspace, id: &Value, wanted: &str) -> Value {
    let id = id.as_i64().expect("a job's number");
    await_job(workspace, id, |job| job["status"] == wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_canceled_replayed_and_continued_from_the_command_line() {
    let receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    let app = workspace.serve();
    workspace.publish(&flow(receiver.url()));
    receiver.answer_with(503);
    let input = workspace.file("input.json", r#"{"n": 7}"#);
    let started = workspace.json(&["run", "steered", "--input", &input]);
    let id = started["job_id"].clone();
    status(&workspace, &id, "waiting");
    let canceled = workspace.json(&["job", "cancel", &id.to_string()]);
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(canceled["steps"][1]["status"], "canceled");
    // The answer meant that it is on disk.
    app.kill();
    let _app = workspace.serve();
    assert_eq!(show(&workspace, &id)["status"], "canceled");

    receiver.answer_with(404);
    let replayed = workspace.json(&["job", "replay", &id.to_string()]);
    assert_eq!(replayed["replay_of"], id);
    let failed = replayed["job_id"].clone();
    status(&workspace, &failed, "failed");
    let refused = workspace.run(&["--json", "job", "cancel", &failed.to_string()]);
    assert_eq!(refused.code_is(1).error()["code"], "job_ended");

    receiver.answer_with(200);
    let edited = workspace.file("edited.json", r#"{"n": 8}"#);
    let arguments = [
        "job",
        "replay",
        &failed.to_string(),
        "--input",
        &edited,
        "--output",
        "early",
    ];
    let partial = workspace.json(&arguments)["job_id"].clone();
    let partial = status(&workspace, &partial, "complete");
    assert_eq!(partial["steps"][1]["status"], "skipped");
    assert_eq!(partial["outputs"].as_array().map(Vec::len), Some(1));
    let from = [
        "job",
        "continue",
        &partial["id"].to_string(),
        "--from",
        "first",
    ];
    let continued = workspace.json(&from)["job_id"].clone();
    status(&workspace, &continued, "complete");
    let from = ["job", "continue", &failed.to_string()];
    let whole = workspace.json(&from)["job_id"].clone();
    status(&workspace, &whole, "complete");
}

#[test]
fn the_next_times_of_a_schedule_are_listed_also_without_an_owner() {
    let workspace = Workspace::new();
    workspace.publish(&flow("http://127.0.0.1:9"));
    let listed = workspace.json(&["flow", "schedules", "steered"]);
    assert_eq!(listed[0]["active"], true);
    assert_eq!(listed[0]["next"].as_array().map(Vec::len), Some(10));
    let shown = workspace.run(&["flow", "schedules", "steered"]).ok();
    assert!(
        shown.stdout.contains("Next times of nightly"),
        "{}",
        shown.stdout
    );
}
