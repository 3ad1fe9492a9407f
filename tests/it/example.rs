//! The example of the contract as it is printed, and one flow that runs another by the compatible API.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestReceiver, TestSender, Workspace, await_job, await_json, hook_url, intake,
};

const EXAMPLE: &str = include_str!("../fixtures/contract_example.json");

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_s_example_runs_as_it_stands() {
    let mut shop = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789");
    workspace.set_secret("shop_token", "shop-token-0123456789");
    workspace.set_secret("slack_path", "T000/B000/xxxxYYYYzzzz");
    workspace.set_secret("slack_signing", "mySecret-0123456789");
    workspace.set_variable("shop_url", shop.url());
    // Slack is out of reach: nobody listens at this proxy, and this computer is called without one.
    let proxy = ["setting", "set", "proxy_url", "http://127.0.0.1:9"];
    workspace.run(&proxy).ok();
    let file = workspace.file("order_intake.json", EXAMPLE);
    workspace.run(&["flow", "import", &file, "--publish"]).ok();
    let app = workspace.serve();

    let order = r#"{"customer": {"email": "jane@shop.example"}, "total": 21}"#;
    let answer = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "-H",
            "Content-Type: application/json",
            "-d",
            order,
        ])
        .arg(hook_url(&app, "order_intake", "orders-key-0123456789"))
        .output()
        .expect("cURL runs");
    let accepted: Value = serde_json::from_slice(&answer.stdout).expect("an answer in JSON");
    assert_eq!(accepted["status"], "accepted", "{accepted}");

    let ship = shop.next_to("/api/ship").await;
    assert_eq!(ship.header("authorization"), "Bearer shop-token-0123456789");
    assert_eq!(
        ship.json(),
        json!({"email": "jane@shop.example", "note": "total 42"})
    );
    let job = await_job(
        &workspace,
        accepted["job_id"].as_i64().expect("a number"),
        |job| job["deliveries"][0]["status"] == "waiting",
    );
    assert_eq!(job["status"], "complete", "{job:#}");
    assert_eq!(job["outputs"][0]["data"]["status"], 200);
    assert_eq!(
        job["steps"][0]["data"],
        json!({"email": "jane@shop.example", "total": 42})
    );
    let delivery = &job["deliveries"][0];
    assert_eq!(delivery["task"], "Tell Slack");
    assert_eq!(
        delivery["attempts"][0]["error"]["code"], "connect",
        "{delivery:#}"
    );
    assert!(
        !job.to_string().contains("xxxxYYYYzzzz"),
        "the path is a secret"
    );

    is_listed(&workspace, &job);
}

/// The schedule with its next times, and the job whole.
fn is_listed(workspace: &Workspace, job: &Value) {
    let schedules = workspace.json(&["flow", "schedules", "order_intake"]);
    let nightly = &schedules[0];
    assert_eq!(nightly["name"], "nightly");
    let times = nightly["next"].as_array().map(Vec::len);
    assert_eq!(times, Some(10), "{nightly:#}");
    let listed = workspace.json(&["job", "list"]);
    assert_eq!(
        listed[0],
        workspace.json(&["job", "show", &job["id"].to_string()]),
        "the list has the whole job"
    );
}

/// A flow that only takes requests, and the id of its output.
fn next_flow(workspace: &Workspace) -> i64 {
    workspace.publish(&intake("next"));
    let flows = workspace.json(&["flow", "list"]);
    let next = flows
        .as_array()
        .expect("a list")
        .iter()
        .find(|flow| flow["name"] == "next");
    next.expect("it is there")["outputs"][0]["id"]
        .as_i64()
        .expect("a number")
}

async fn first_flow(workspace: &Workspace, app: &TestApp) -> i64 {
    workspace.publish(&intake("first"));
    let flows = TestSender::new()
        .api(app, Method::GET, "/flows")
        .await
        .json();
    let flows = flows["items"].as_array().expect("a list").clone();
    let first = flows.iter().find(|flow| flow["name"] == "first");
    first.expect("it is there")["id"]
        .as_i64()
        .expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_made_by_the_compatible_api_runs_another_job() {
    let workspace = Workspace::new();
    workspace.set_secret("key", "intake-key-0123456789");
    let output = next_flow(&workspace);
    let app = workspace.serve();
    let token = workspace.json(&["token", "create", "next", "--scope", "run"]);
    let token = token["token"].as_str().expect("a token").to_owned();
    let flow = first_flow(&workspace, &app).await;

    // As the example prints it: the headers and the body by hand, the token in the header.
    let task = json!({
        "flow": {"id": flow}, "name": "Run another job", "url": format!("{}/v4/jobGroups/", app.control()),
        "triggerEvent": "job_succeeded", "triggerObject": "any_job", "method": "POST",
        "headers": [{"key": "Content-Type", "value": "application/json"},
                    {"key": "Authorization", "value": format!("Bearer {token}")}],
        "body": format!("{{ \"wrangledDataset\": {{ \"id\": {output} }} }}"),
        "secretKey": "mySecret-0123456789",
    });
    let owner = format!("Bearer {}", app.token());
    let headers = [
        ("authorization", owner.as_str()),
        ("content-type", "application/json"),
    ];
    let sender = TestSender::new();
    let tasks = format!("{}/v4/webhookFlowTasks/", app.control());
    let made = sender
        .send(
            Method::POST,
            &tasks,
            &headers,
            task.to_string().into_bytes(),
        )
        .await;
    assert_eq!(made.status, 201, "{made:?}");

    let run = ["run", "first", "--input", "-", "--wait", "--json"];
    let job = workspace.run_with_input(&run, "{}").ok().json();
    let job = await_job(&workspace, job["id"].as_i64().expect("a number"), |job| {
        job["deliveries"][0]["status"] == "delivered"
    });
    assert_eq!(job["deliveries"][0]["http_status"], 201, "{job:#}");
    let jobs = await_json(&workspace, &["job", "list", "--flow", "next"], |jobs| {
        jobs[0]["status"] == "complete"
    });
    assert_eq!(jobs[0]["trigger"], "api");

    let test =
        json!({"url": format!("{}/nowhere", app.receiver()), "method": "POST", "body": "test"});
    let url = format!("{}/v4/webhooks/test", app.control());
    let tested = sender
        .send(Method::POST, &url, &headers, test.to_string().into_bytes())
        .await
        .json();
    assert_eq!(
        (&tested["success"], &tested["status"]),
        (&json!(false), &json!(404)),
        "{tested}"
    );
    let id = made.json()["id"].clone();
    let gone = sender
        .send(
            Method::DELETE,
            &format!("{tasks}{id}"),
            &headers,
            Vec::new(),
        )
        .await;
    assert_eq!(gone.status, 204);
}
