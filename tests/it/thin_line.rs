//! The main job, from a call to a verified signature, with nothing in between that is not real.

use serde_json::json;

use crate::support::{
    TestReceiver, TestSender, Workspace, await_job, order_intake, signature_of, split_signature,
};

fn workspace_for(receiver: &TestReceiver) -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789\n");
    workspace.set_secret("shop_token", "shop-token-0123456789");
    workspace.set_secret("slack_path", "T000/B000/xxxxYYYYzzzz");
    workspace.set_secret("slack_signing", "mySecret-0123456789");
    workspace.set_variable("shop_url", receiver.url());
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_runs_the_contracts_flow_and_a_signed_message_goes_out() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    let app = workspace.serve();
    workspace.publish(&order_intake());

    let order = json!({"customer": {"email": "a\"b@shop.example"}, "total": 21});
    let answer = TestSender::new()
        .hook(&app, "order_intake", "orders-key-0123456789", &order)
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let accepted = answer.json();
    let keys: Vec<&String> = accepted.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "workflow_started", "job_id", "request_id"]);
    assert_eq!(accepted["status"], "accepted");
    assert_eq!(accepted["request_id"], answer.header("x-request-id"));

    let ship = receiver.next().await;
    assert_eq!(
        (ship.method.as_str(), ship.target.as_str()),
        ("POST", "/api/ship")
    );
    assert_eq!(ship.header("authorization"), "Bearer shop-token-0123456789");
    assert_eq!(
        ship.json(),
        json!({"email": "a\"b@shop.example", "note": "total 42"})
    );
    assert!(
        ship.header("idempotency-key").starts_with("ste_"),
        "{:?}",
        ship.headers
    );

    let told = receiver.next().await;
    assert_eq!(told.target, "/services/T000/B000/xxxxYYYYzzzz");
    let job_id = accepted["job_id"].as_i64().expect("a number");
    let text = format!("Job {job_id} has completed. Status: Complete.");
    assert_eq!(told.json(), json!({ "text": text }));
    let (timestamp, signature) = split_signature(told.header("x-webhook-signature"));
    assert_eq!(
        signature,
        signature_of("mySecret-0123456789", &timestamp, &told.body)
    );

    let job = await_job(&workspace, job_id, |job| {
        job["deliveries"][0]["status"] == "delivered"
    });
    assert_eq!(job["status"], "complete");
    assert_eq!(job["request_id"], accepted["request_id"]);
    assert_eq!(job["trigger"], "endpoint");
    assert_eq!(job["outputs"][0]["name"], "summary");
    assert_eq!(job["outputs"][0]["data"]["status"], 200);
    assert_eq!(job["steps"][0]["exit_code"], "success");
    assert_eq!(job["steps"][1]["attempts"][0]["n"], 1);
    let delivery = &job["deliveries"][0];
    assert_eq!(
        (&delivery["task"], &delivery["http_status"]),
        (&"Tell Slack".into(), &200.into())
    );
    assert_eq!(delivery["attempts"][0]["n"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_run_by_hand_with_an_input_and_waited_for() {
    let receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    let _app = workspace.serve();
    workspace.publish(&order_intake());
    let input = json!({"customer": {"email": "x@shop.example"}, "total": 1}).to_string();
    let run = [
        "run",
        "order_intake",
        "--input",
        "-",
        "--output",
        "summary",
        "--wait",
        "--json",
    ];
    let job = workspace.run_with_input(&run, &input).ok().json();
    assert_eq!(job["status"], "complete", "{job}");
    assert_eq!(job["trigger"], "manual");
    receiver.answer_with(404);
    let failed = workspace.run_with_input(&run, &input).code_is(1).json();
    assert_eq!(failed["status"], "failed", "{failed}");
    assert!(failed["error"]["message"].is_string(), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_without_a_server_when_it_is_waited_for_and_its_message_goes_out() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    workspace.publish(&order_intake());
    let input = workspace.file(
        "input.json",
        r#"{"customer": {"email": "x@y.example"}, "total": 2}"#,
    );
    let job = workspace.json(&["run", "order_intake", "--input", &input, "--wait"]);
    assert_eq!(job["status"], "complete", "{job}");
    assert_eq!(receiver.next().await.target, "/api/ship");
    assert_eq!(
        receiver.next().await.target,
        "/services/T000/B000/xxxxYYYYzzzz"
    );
    assert_eq!(job["deliveries"][0]["status"], "delivered", "{job}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_started_without_a_server_waits_for_the_next_one() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    workspace.publish(&order_intake());
    let input = r#"{"customer": {"email": "x@y.example"}, "total": 2}"#;
    let started = workspace
        .run_with_input(&["run", "order_intake", "--input", "-"], input)
        .ok();
    assert!(
        started.stderr.contains("hookloom serve"),
        "{}",
        started.stderr
    );
    assert!(receiver.stays_silent(200).await);
    let _app = workspace.serve();
    assert_eq!(receiver.next().await.target, "/api/ship");
    assert_eq!(workspace.json(&["job", "list"])[0]["flow"], "order_intake");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_a_running_step_end_and_it_does_not_run_again() {
    let mut receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    let app = workspace.serve();
    workspace.publish(&order_intake());
    receiver.script(|message| {
        if message.target == "/api/ship" {
            std::thread::sleep(std::time::Duration::from_millis(1_500));
        }
        crate::support::answer(200, "{\"shipped\": true}")
    });
    let order = json!({"customer": {"email": "x@shop.example"}, "total": 1});
    let accepted = TestSender::new()
        .hook(&app, "order_intake", "orders-key-0123456789", &order)
        .await
        .json();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    let _app = workspace.serve();
    let job_id = accepted["job_id"].as_i64().expect("a number");
    let job = await_job(&workspace, job_id, |job| {
        job["deliveries"][0]["status"] == "delivered"
    });
    assert_eq!(
        job["steps"][1]["attempts"].as_array().map(Vec::len),
        Some(1),
        "{job}"
    );
    let shipped = receiver
        .drain()
        .iter()
        .filter(|it| it.target == "/api/ship")
        .count();
    assert_eq!(shipped, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_in_a_list_have_the_contracts_shape() {
    let receiver = TestReceiver::start().await;
    let workspace = workspace_for(&receiver);
    let _app = workspace.serve();
    workspace.publish(&order_intake());
    let input = r#"{"customer": {"email": "x@y.example"}, "total": 2}"#;
    let run = ["run", "order_intake", "--input", "-", "--json"];
    let started = workspace.run_with_input(&run, input).ok().json();
    assert_eq!(started["id"], started["job_id"]);
    let job_id = started["id"].as_i64().expect("a number");
    await_job(&workspace, job_id, |job| {
        job["deliveries"][0]["status"] == "delivered"
    });
    let listed = workspace.json(&["job", "list"]);
    assert_eq!(
        listed[0],
        workspace.json(&["job", "show", &job_id.to_string()])
    );
    for key in [
        "id",
        "request_id",
        "flow",
        "version",
        "status",
        "trigger",
        "started_at",
        "ended_at",
        "outputs",
        "steps",
        "deliveries",
    ] {
        assert!(listed[0].get(key).is_some(), "no `{key}` in {listed}");
    }
    let step = &listed[0]["steps"][0];
    for key in [
        "name",
        "kind",
        "status",
        "exit_code",
        "data",
        "error",
        "attempts",
    ] {
        assert!(step.get(key).is_some(), "no `{key}` in {step}");
    }
    let delivery = &listed[0]["deliveries"][0];
    for key in ["id", "task", "event", "status", "http_status", "attempts"] {
        assert!(delivery.get(key).is_some(), "no `{key}` in {delivery}");
    }
    for key in ["n", "at", "status", "http_status", "duration_ms", "error"] {
        assert!(
            delivery["attempts"][0].get(key).is_some(),
            "no `{key}` in {delivery}"
        );
    }
    let alone = &workspace.json(&["delivery", "list"])[0];
    for key in ["job_id", "flow", "url", "attempts"] {
        assert!(alone.get(key).is_some(), "no `{key}` in {alone}");
    }
}
