//! Scripts in the real server and its real worker processes.

use serde_json::{Value, json};

use crate::support::{TestReceiver, TestSender, Workspace, await_job, intake, order_intake};

const KEY: &str = "scripts-key-0123456789";

/// A flow with one script, `it`, that takes requests in at `scripted_in`.
fn scripted(keys: Value) -> Value {
    let mut document = intake("scripted");
    let mut step = json!({"name": "it", "kind": "script"});
    let own = keys.as_object().expect("an object").clone();
    step.as_object_mut().expect("an object").extend(own);
    document["steps"] = json!([step]);
    document["outputs"] = json!([{"name": "kept", "step": "it"}]);
    document
}

fn workspace_with(keys: Value) -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&scripted(keys));
    workspace
}

fn run(workspace: &Workspace, input: &Value) -> Value {
    let run = ["run", "scripted", "--input", "-", "--wait", "--json"];
    let ran = workspace.run_with_input(&run, &input.to_string());
    ran.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_runs_the_contracts_script_and_its_result_is_sent_and_recorded() {
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    for (name, value) in [
        ("orders_key", "orders-key-0123456789"),
        ("shop_token", "shop-token-0123456789"),
        ("slack_path", "T000/B000/xxxxYYYYzzzz"),
        ("slack_signing", "mySecret-0123456789"),
    ] {
        workspace.set_secret(name, value);
    }
    workspace.set_variable("shop_url", receiver.url());
    let mut document = order_intake();
    document["steps"][0] = json!({
        "name": "enrich", "kind": "script",
        "code": "const o = memory.load('requestBody'); return {email: o.customer.email, total: o.total * 2};",
    });
    workspace.publish(&document);
    let app = workspace.serve();

    let order = json!({"customer": {"email": "a\"b@shop.example"}, "total": 21});
    let accepted = TestSender::new()
        .hook(&app, "order_intake", "orders-key-0123456789", &order)
        .await
        .json();
    let ship = receiver.next().await;
    assert_eq!(
        ship.json(),
        json!({"email": "a\"b@shop.example", "note": "total 42"})
    );
    let job_id = accepted["job_id"].as_i64().expect("a number");
    let job = await_job(&workspace, job_id, |job| job["status"] == "complete");
    let step = &job["steps"][0];
    assert_eq!(step["kind"], "script");
    assert_eq!(step["exit_code"], "success");
    assert_eq!(
        step["data"],
        json!({"email": "a\"b@shop.example", "total": 42})
    );
}

#[test]
fn a_script_runs_without_a_server_and_chooses_its_exit_code() {
    let workspace = workspace_with(json!({
        "code": "log('got', trigger.body.n); memory.save('twice', trigger.body.n * 2); \
                 exit(trigger.body.n > 9 ? 'large' : 'small', {flow: job.flow});",
    }));
    let job = run(&workspace, &json!({"n": 10}));
    let step = &job["steps"][0];
    assert_eq!(step["exit_code"], "large", "{job}");
    assert_eq!(step["data"], json!({"flow": "scripted"}));
    assert_eq!(step["attempts"][0]["logs"], json!(["got 10"]));
    assert_eq!(job["memory"]["twice"], 20);
    assert_eq!(job["status"], "complete");
}

#[test]
fn a_script_that_throws_says_where_and_is_not_tried_again() {
    let workspace = workspace_with(json!({
        "code": "const o = memory.load('nothing');\nreturn o.customer;",
        "retry": {"attempts_max": 3, "delay_ms": 10},
    }));
    let job = run(&workspace, &json!({}));
    let step = &job["steps"][0];
    assert_eq!(step["error"]["code"], "script_error", "{job}");
    let message = step["error"]["message"].as_str().expect("a text");
    assert!(
        message.contains("line 2, column 8: `return o.customer;`"),
        "{message}"
    );
    assert_eq!(step["attempts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_script_that_hangs_ends_with_its_time_and_the_next_one_runs() {
    let code = "if (memory.load('requestBody').hang) while (true) {}\nreturn 'done'";
    let workspace = workspace_with(json!({"code": code, "timeout_ms": 300}));
    let _app = workspace.serve();
    let job = run(&workspace, &json!({"hang": true}));
    assert_eq!(job["steps"][0]["error"]["code"], "script_timeout", "{job}");
    // A machine that is busy may not even start a process in that time.
    let done = |_| run(&workspace, &json!({"hang": false}))["steps"][0]["data"] == "done";
    assert!((0..20).any(done));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_is_replaced_and_the_step_is_tried_again() {
    let code = "const until = Date.now() + 1500; while (Date.now() < until) {} return 'through'";
    let workspace = workspace_with(json!({
        "code": code,
        "retry": {"attempts_max": 2, "backoff": "fixed", "delay_ms": 50},
    }));
    let app = workspace.serve();
    let accepted = TestSender::new()
        .hook(&app, "scripted", KEY, &json!({}))
        .await
        .json();
    let job_id = accepted["job_id"].as_i64().expect("a number");
    await_job(&workspace, job_id, |job| {
        job["steps"][0]["attempts"][0]["status"] == "running"
    });
    assert!(kill_script_workers(app.id()) > 0);
    let job = await_job(&workspace, job_id, |job| job["status"] == "complete");
    let attempts = &job["steps"][0]["attempts"];
    assert_eq!(attempts[0]["error"]["code"], "script_worker_died", "{job}");
    assert_eq!(attempts[1]["status"], "complete");
    assert_eq!(job["steps"][0]["data"], "through");
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_state_that_a_script_echoes_is_masked_wherever_it_goes() {
    let workspace = workspace_with(json!({
        "code": "const t = secretState.load('token'); log('token', t); memory.save('kept', 'x' + t); \
                 if (memory.load('requestBody').fail) throw new Error('bad ' + t); return {t, in: `a ${t} b`};",
    }));
    let app = workspace.serve();
    for fail in [false, true] {
        let body = json!({"fail": fail, "_secretStatePut": {"token": "hush-hush-0123456789"}});
        let accepted = TestSender::new()
            .hook(&app, "scripted", KEY, &body)
            .await
            .json();
        let job_id = accepted["job_id"].as_i64().expect("a number");
        let job = await_job(&workspace, job_id, |job| !job["ended_at"].is_null());
        assert!(!job.to_string().contains("hush-hush"), "{job}");
        let step = &job["steps"][0];
        assert_eq!(step["attempts"][0]["logs"], json!(["token ••••"]));
        if fail {
            let message = step["error"]["message"].as_str().expect("a text");
            assert!(message.contains("bad ••••"), "{message}");
        } else {
            assert_eq!(step["data"], json!({"t": "••••", "in": "a •••• b"}));
            assert_eq!(job["memory"]["kept"], "x••••");
        }
    }
}

#[test]
fn a_script_that_is_no_javascript_is_refused_with_its_line() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let document = scripted(json!({"code": "const a = 1;\nreturn a +;"})).to_string();
    let refused = workspace
        .run_with_input(&["flow", "import", "-", "--publish"], &document)
        .code_is(1);
    assert!(refused.stderr.contains("line 2"), "{}", refused.stderr);
    let file = workspace.file("broken.json", &document);
    let validated = workspace.run(&["flow", "validate", &file]).code_is(1);
    assert!(validated.stdout.contains("line 2"), "{}", validated.stdout);
}

/// Kills every script worker of a process, and gives how many there were.
#[cfg(target_os = "linux")]
fn kill_script_workers(of: u32) -> usize {
    let mut killed = 0;
    for entry in std::fs::read_dir("/proc").expect("Linux tells").flatten() {
        let read =
            |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
        let stat = read("stat");
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let parent = fields.nth(1).and_then(|parent| parent.parse().ok());
        if parent == Some(of) && read("cmdline").contains("--script-worker") {
            let id = entry.file_name();
            let kill = std::process::Command::new("kill")
                .arg("-9")
                .arg(id)
                .status();
            killed += usize::from(kill.is_ok_and(|status| status.success()));
        }
    }
    killed
}
