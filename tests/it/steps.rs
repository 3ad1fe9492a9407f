//! Steps against what others wrote: a server of remote steps in Express, and a server with OpenAI's API.

use hookloom_signature::{Scheme, TOLERANCE_MS, VerifyInput, verify};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ExpressReceiver, TestReceiver, TestSender, Workspace, completion};

/// Data that is written in many ways, and in one way by JavaScript.
fn awkward() -> Value {
    serde_json::from_str(
        r#"{"b": 1.0, "10": [1e21, 9007199254740993, -0.0, 0.1], "2": "Zürich \u2028 \u0007 😀 / \\ \"", "nothing": null, "é": {"__proto__": 1, "01": 2}}"#,
    )
    .expect("JSON")
}

fn flow(steps: Value) -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "remotes",
        "endpoints": [{"name": "remotes_in", "auth": {"kind": "shared_key", "secret": "orders_key"}, "body_memory": "requestBody"}],
        "remote_url": "{{vars.steps_url}}/hook", "remote_secret": "steps_key",
        "steps": steps,
    })
}

/// A workspace whose secret for remote steps is a generated key, and the key.
fn workspace_with_key() -> (Workspace, String) {
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789");
    let made = workspace.json(&["secret", "generate", "steps_key"]);
    let key = made["value"].as_str().expect("it is shown once").to_owned();
    (workspace, key)
}

fn step<'a>(job: &'a Value, name: &str) -> &'a Value {
    let steps = job["steps"].as_array().expect("steps");
    steps.iter().find(|step| step["name"] == name).expect(name)
}

fn run(workspace: &Workspace, input: &Value, code: i32) -> Value {
    let arguments = ["run", "remotes", "--input", "-", "--wait", "--json"];
    let run = workspace.run_with_input(&arguments, &input.to_string());
    run.code_is(code).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_server_accepts_what_a_remote_step_sends_and_its_answer_chooses_the_way() {
    let (workspace, key) = workspace_with_key();
    let express = ExpressReceiver::of_steps(&key);
    workspace.set_variable("steps_url", express.url("").as_str());
    workspace.publish(&flow(json!([
        {"name": "step_a", "kind": "remote"},
        {"name": "step_b", "kind": "remote", "after": [{"step": "step_a"}], "data": "{{requestBody}}"},
        {"name": "step_c", "kind": "remote", "after": [{"step": "step_b"}]},
        {"name": "chooses", "kind": "remote", "after": [{"step": "step_c"}], "data": {"choice": "approved", "was": "{{steps.step_c.data.myOutput}}"}},
        {"name": "approved", "kind": "set", "values": {"data": "{{steps.chooses.data}}"}, "after": [{"step": "chooses", "on": ["approved"]}]},
        {"name": "declined", "kind": "set", "values": {}, "after": [{"step": "chooses", "on": ["declined"]}]},
    ])));
    let job = run(&workspace, &awkward(), 0);
    for (name, exit_code, data) in [
        ("step_a", json!("success"), json!(null)),
        ("step_b", json!("success"), json!(null)),
        ("step_c", json!("success"), json!({"myOutput": "myValue"})),
        (
            "chooses",
            json!("approved"),
            json!({"choice": "approved", "was": "myValue"}),
        ),
        (
            "approved",
            json!("success"),
            json!({"data": {"choice": "approved", "was": "myValue"}}),
        ),
    ] {
        assert_eq!(
            (&step(&job, name)["exit_code"], &step(&job, name)["data"]),
            (&exit_code, &data),
            "{name}: {job}"
        );
    }
    assert_eq!(step(&job, "declined")["status"], "skipped");
    for name in ["step_a", "step_b", "step_c", "chooses"] {
        let message = express.next().await;
        assert_eq!(message["accepted"], true, "{message}");
        assert_eq!(message["body"]["payload"]["context"]["step_name"], name);
        assert!(
            message["headers"]["webhook-signature"].is_string(),
            "{message}"
        );
    }
    assert!(!job.to_string().contains(&key));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_server_refuses_what_was_changed_and_what_another_key_signed() {
    let (workspace, key) = workspace_with_key();
    let express = ExpressReceiver::of_steps(&key);
    workspace.set_variable("steps_url", express.url("").as_str());
    workspace.publish(&flow(json!([
        {"name": "step_b", "kind": "remote", "data": "{{requestBody}}", "retry": {"attempts_max": 2, "delay_ms": 1}},
    ])));
    run(&workspace, &awkward(), 0);
    let sent = express.next().await["body"].clone();
    let sender = TestSender::new();
    let post = async |body: &Value| {
        let headers = [("content-type", "application/json")];
        let bytes = body.to_string().into_bytes();
        sender
            .send(Method::POST, &express.url("/hook"), &headers, bytes)
            .await
            .status
    };
    assert_eq!(post(&sent).await, 200, "the same once more: it has no time");
    for (place, value) in [
        ("/payload/data/2", json!("Zurich")),
        ("/payload/data/b", json!(1.1)),
        ("/payload/context/step_name", json!("step_c")),
        ("/payload/context/request_id", json!("mqr_0")),
        ("/signature", json!("0".repeat(64))),
        ("/signature", json!("")),
    ] {
        let mut changed = sent.clone();
        *changed.pointer_mut(place).expect("it is there") = value;
        assert_eq!(post(&changed).await, 400, "{place}");
    }
    workspace.json(&["secret", "generate", "steps_key", "--replace"]);
    let job = run(&workspace, &awkward(), 1);
    let refused = step(&job, "step_b");
    assert_eq!(refused["error"]["code"], "http_status", "{job}");
    assert_eq!(
        refused["attempts"].as_array().map(Vec::len),
        Some(2),
        "{job}"
    );
}

/// The server that the document about remote steps prints, and the key in it. The document is another's and no part of this
/// repository: `HOOKLOOM_SEEDS` names the folder that has it, under a name that begins with 003.
#[cfg(unix)]
fn printed_server() -> (String, String) {
    let folder = std::env::var("HOOKLOOM_SEEDS")
        .expect("HOOKLOOM_SEEDS names the folder with the document about remote steps");
    let files = std::fs::read_dir(&folder).expect("the folder is there");
    let mut paths = files.map(|it| it.expect("a file").path());
    let is_it = |path: &std::path::PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with("003")
    };
    let path = paths.find(is_it).expect("the document is in the folder");
    let page = std::fs::read_to_string(path).expect("it is text");
    let begin = page.find("import express from").expect("it has the server");
    let code = page[begin..].to_owned();
    let key = code
        .split_once("SIGNATURE_KEY = '")
        .expect("it has a key")
        .1;
    let key = key.split_once('\'').expect("a text of JavaScript").0;
    let key = key.to_owned();
    (code, key)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the document about remote steps: HOOKLOOM_SEEDS names its folder"]
async fn the_server_of_the_document_as_printed_accepts_what_is_sent_and_refuses_what_was_changed() {
    let (code, key) = printed_server();
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789");
    workspace.set_secret("steps_key", &key);
    let server = ExpressReceiver::as_printed(&code, workspace.folder());
    workspace.publish(&flow(json!([
        {"name": "step_a", "kind": "remote"},
        {"name": "step_b", "kind": "remote", "after": [{"step": "step_a"}], "data": "{{requestBody}}"},
        {"name": "step_c", "kind": "remote", "after": [{"step": "step_b"}], "data": {"again": "{{requestBody}}"}},
    ])));
    workspace.set_variable("steps_url", &server.url(""));
    let job = run(&workspace, &awkward(), 0);
    // It has a handler for two of them, and one of those gives data.
    for (name, data) in [
        ("step_a", Value::Null),
        ("step_b", Value::Null),
        ("step_c", json!({"myOutput": "myValue"})),
    ] {
        let ended = step(&job, name);
        assert_eq!(
            (&ended["exit_code"], &ended["data"]),
            (&json!("success"), &data),
            "{job}"
        );
    }

    // The same messages once more, at a server that keeps them.
    let mut kept = TestReceiver::start().await;
    workspace.set_variable("steps_url", kept.url());
    run(&workspace, &awkward(), 0);
    let sender = TestSender::new();
    let post = async |body: Vec<u8>| {
        let headers = [("content-type", "application/json")];
        let url = server.url("/hook");
        sender.send(Method::POST, &url, &headers, body).await.status
    };
    for name in ["step_a", "step_b", "step_c"] {
        let sent = kept.next().await;
        assert_eq!(sent.json()["payload"]["context"]["step_name"], name);
        assert_eq!(
            post(sent.body.to_vec()).await,
            200,
            "{name}, as it was sent"
        );
        for (place, key, value) in [
            ("/payload", "data", json!({"2": "Zurich"})),
            ("/payload/context", "step_name", json!("step_d")),
            ("/payload/context", "request_id", json!("mqr_0")),
            ("", "signature", json!("0".repeat(64))),
            ("", "signature", json!("")),
        ] {
            let mut changed = sent.json();
            changed.pointer_mut(place).expect("it is there")[key] = value;
            let changed = changed.to_string().into_bytes();
            assert_eq!(post(changed).await, 400, "{name}: {key}");
        }
    }

    workspace.set_variable("steps_url", &server.url(""));
    workspace.set_secret("steps_key", "another-key-0123456789");
    let job = run(&workspace, &awkward(), 1);
    assert_eq!(
        step(&job, "step_a")["error"]["code"],
        "http_status",
        "{job}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remote_message_is_one_of_standard_webhooks_too() {
    let mut receiver = TestReceiver::start().await;
    let (workspace, key) = workspace_with_key();
    workspace.set_variable("steps_url", receiver.url());
    workspace.publish(&flow(
        json!([{"name": "it", "kind": "remote", "data": {"n": 1}}]),
    ));
    run(&workspace, &json!({}), 0);
    let received = receiver.next().await;
    let headers: Vec<(&str, &str)> = received
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().expect("text")))
        .collect();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let verified = verify(
        Scheme::named("standard-webhooks").expect("a scheme"),
        &VerifyInput {
            secret: &hookloom_signature::remote_step::standard_webhooks_secret(&key),
            method: "POST",
            url: "",
            headers: &headers,
            body: &received.body,
            now_ms: i64::try_from(now.expect("after 1970").as_millis()).expect("it fits"),
            tolerance_ms: TOLERANCE_MS,
        },
    );
    assert_eq!(verified, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_model_is_asked_and_its_json_chooses_the_way() {
    let mut receiver = TestReceiver::start().await;
    receiver.script(|received| completion(received, "llm-key-0123456789", r#"{"urgent": true}"#));
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789");
    workspace.set_secret("llm_key", "llm-key-0123456789");
    workspace.set_secret("steps_key", "unused-0123456789");
    workspace.set_variable("llm_url", receiver.url());
    workspace.publish(&flow(json!([
        {"name": "sort", "kind": "llm", "url": "{{vars.llm_url}}/v1", "model": "small", "secret": "llm_key", "json": true,
         "messages": [{"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": "{{requestBody.text}}"}]},
        {"name": "is_urgent", "kind": "condition", "expression": "{{steps.sort.data.json.urgent}}", "after": [{"step": "sort"}]},
        {"name": "call", "kind": "set", "values": {"tokens": "{{steps.sort.data.usage.total_tokens}}"}, "after": [{"step": "is_urgent", "on": ["true"]}]},
    ])));
    let job = run(&workspace, &json!({"text": "the shop \"burns\""}), 0);
    assert_eq!(step(&job, "call")["data"], json!({"tokens": 8}), "{job}");
    let asked = receiver.next().await.json();
    assert_eq!(asked["messages"][1]["content"], "the shop \"burns\"");
    assert!(!job.to_string().contains("llm-key"), "{job}");
    workspace.set_secret("llm_key", "another-key-0123456789");
    let job = run(&workspace, &json!({"text": "x"}), 1);
    assert_eq!(
        step(&job, "sort")["data"]["body"]["error"]["message"],
        "the key is wrong"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_goes_on_after_the_server_was_killed() {
    let workspace = Workspace::new();
    workspace.set_secret("orders_key", "orders-key-0123456789");
    workspace.set_secret("steps_key", "unused-0123456789");
    workspace.publish(&flow(json!([
        {"name": "wait", "kind": "delay", "for_ms": 4000},
        {"name": "behind", "kind": "set", "values": {"until": "{{steps.wait.data.until}}"}, "after": [{"step": "wait"}]},
    ])));
    let app = workspace.serve();
    let started = workspace.json(&["run", "remotes"]);
    let id = started["job_id"]
        .as_i64()
        .or_else(|| started["id"].as_i64());
    let id = id.expect("a job").to_string();
    let waiting = workspace.json(&["job", "show", &id]);
    assert_eq!(step(&waiting, "wait")["status"], "waiting", "{waiting}");
    drop(app);
    let _app = workspace.serve();
    let id = id.parse().expect("a number");
    let job = crate::support::await_job(&workspace, id, |job| job["status"] == "complete");
    assert_eq!(
        step(&job, "wait")["attempts"].as_array().map(Vec::len),
        Some(1),
        "{job}"
    );
}
