//! A host that comes from a request leads nowhere but to the public Internet, whoever calls it: each kind of step, webhook
//! tasks, and the test of one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, TestReceiver, TestSender, Workspace, await_json};

const KEY: &str = "intake-key-0123456789";

/// A flow in which everything that calls has its host from `host`.
fn calling(host: &str, port: u16) -> Value {
    let url = |path: &str| format!("http://{{{{{host}}}}}:{port}{path}");
    let step = |name: &str, more: Value| {
        let mut step =
            json!({"name": name, "after": [], "timeout_ms": 5000, "retry": {"attempts_max": 1}});
        let fields = step.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        fields.remove("after");
        step
    };
    json!({
        "format": "hookloom.flow/1", "name": "calling", "remote_secret": "steps_key",
        "endpoints": [{"name": "calling_in", "auth": {"kind": "shared_key", "secret": "key"}, "body_memory": "order"}],
        "steps": [
            step("by_http", json!({"kind": "http", "method": "POST", "url": url("/http"), "body": "x"})),
            step("by_http_following", json!({"kind": "http", "method": "GET", "url": url("/redirect"), "follow_redirects": true})),
            step("by_remote", json!({"kind": "remote", "url": url("/remote")})),
            step("by_llm", json!({"kind": "llm", "url": url("/v1"), "model": "m", "prompt": "hi"})),
            {"name": "end", "kind": "set", "values": {},
             "after": [{"step": "by_http", "on": ["*"]}, {"step": "by_http_following", "on": ["*"]},
                       {"step": "by_remote", "on": ["*"]}, {"step": "by_llm", "on": ["*"]}]},
        ],
        "webhook_tasks": [{
            "name": "told", "url": url("/task"), "method": "POST", "event": "job_finished", "object": "any_job",
            "headers": {"Content-Type": "application/json"}, "body": "{}", "retry_on_failure": false
        }]
    })
}

fn step<'a>(job: &'a Value, name: &str) -> &'a Value {
    let steps = job["steps"].as_array().expect("steps");
    steps.iter().find(|step| step["name"] == name).expect(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_out_of_a_request_reaches_nothing_inside_from_anywhere() {
    let mut receiver = TestReceiver::start().await;
    let port = url::Url::parse(receiver.url())
        .expect("a URL")
        .port()
        .expect("a port");
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_secret("steps_key", "wsk_0123456789abcdefghijklmnopqrstuv");
    workspace.publish(&calling("order.host", port));
    let app = workspace.serve();
    let sender = TestSender::new();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "127.0.0.1.",
        "LOCALHOST",
        "169.254.169.254",
        "a.localhost",
    ];
    for host in hosts {
        let began = sender
            .hook(&app, "calling", KEY, &json!({"host": host}))
            .await;
        let id = began.json()["job_id"].as_i64().expect("a number");
        let job = await_json(&workspace, &["job", "show", &id.to_string()], |job| {
            job["deliveries"][0]["status"] == "failed"
        });
        for name in ["by_http", "by_http_following", "by_remote", "by_llm"] {
            assert_eq!(
                step(&job, name)["error"]["code"],
                "destination_refused",
                "{host}: {name}: {job:#}"
            );
        }
        let attempt = &job["deliveries"][0]["attempts"][0];
        assert_eq!(
            attempt["error"]["code"], "destination_refused",
            "{host}: {job:#}"
        );
        let tested = task_test(&sender, &app, host).await;
        assert_eq!(
            (&tested["delivered"], &tested["error"]["code"]),
            (&json!(false), &json!("destination_refused")),
            "{host}: {tested:#}"
        );
    }
    let reached: Vec<String> = receiver.drain().into_iter().map(|it| it.target).collect();
    assert!(reached.is_empty(), "{reached:?}");

    the_control(&workspace, &app, &mut receiver, port).await;
}

/// The same calls with a host that the user gave all arrive.
async fn the_control(workspace: &Workspace, app: &TestApp, receiver: &mut TestReceiver, port: u16) {
    let sender = TestSender::new();
    workspace.publish(&calling("vars.host", port));
    workspace.set_variable("host", "127.0.0.1");
    sender.hook(app, "calling", KEY, &json!({})).await;
    let mut missing = vec![
        "/http",
        "/redirect",
        "/remote",
        "/v1/chat/completions",
        "/task",
    ];
    while !missing.is_empty() {
        let came = receiver.next().await;
        missing.retain(|path| !came.target.starts_with(path));
    }
    assert_eq!(task_test(&sender, app, "unused").await["delivered"], true);
}

async fn task_test(sender: &TestSender, app: &TestApp, host: &str) -> Value {
    let url = format!("{}/api/v1/flows/calling/tasks/test", app.control());
    let bearer = format!("Bearer {}", app.token());
    let headers = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
    ];
    let body = json!({"task": "told", "sample": {"order": {"host": host}}});
    let tested = sender
        .send(Method::POST, &url, &headers, body.to_string().into_bytes())
        .await;
    assert_eq!(tested.status, 200, "{tested:?}");
    tested.json()
}

/// The job of a call with this host, at its end.
async fn job_with_host(app: &TestApp, workspace: &Workspace, host: &str) -> Value {
    let sender = TestSender::new();
    let called = sender
        .hook(app, "calling", KEY, &json!({"host": host}))
        .await;
    let id = called.json()["job_id"].as_i64().expect("a number");
    await_json(workspace, &["job", "show", &id.to_string()], |job| {
        let delivery = &job["deliveries"][0]["status"];
        delivery == "failed" || delivery == "delivered"
    })
}

const CALLERS: [&str; 4] = ["by_http", "by_http_following", "by_remote", "by_llm"];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_flow_allows_inside_is_reached_and_nothing_beside_it() {
    let mut receiver = TestReceiver::start().await;
    let url = url::Url::parse(receiver.url()).expect("a URL");
    let port = url.port().expect("a port");
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_secret("steps_key", "wsk_0123456789abcdefghijklmnopqrstuv");
    let app = workspace.serve();
    // The list, and which hosts it opens.
    for (allowed, opens) in [
        (json!([]), &[][..]),
        (json!(["127.0.0.1"]), &["127.0.0.1", "0x7f.1", "localhost"]),
        (
            json!(["127.0.0.0/8"]),
            &["127.0.0.1", "0x7f.1", "localhost"],
        ),
        (json!(["localhost"]), &["localhost"]),
        (json!(["169.254.0.0/16", "10.0.0.0/8", "printer.lan"]), &[]),
    ] {
        let mut flow = calling("order.host", port);
        flow["inner_destinations"] = allowed.clone();
        workspace.publish(&flow);
        for host in ["127.0.0.1", "0x7f.1", "localhost", "169.254.169.254"] {
            let is_open = opens.contains(&host);
            let job = job_with_host(&app, &workspace, host).await;
            for name in CALLERS {
                let is_refused = step(&job, name)["error"]["code"] == "destination_refused";
                assert_eq!(is_refused, !is_open, "{allowed}: {host}: {name}: {job:#}");
            }
            let delivered = job["deliveries"][0]["status"] == "delivered";
            assert_eq!(delivered, is_open, "{allowed}: {host}: {job:#}");
            let tested = task_test(&TestSender::new(), &app, host).await;
            assert_eq!(
                tested["delivered"], is_open,
                "{allowed}: {host}: {tested:#}"
            );
            let reached: Vec<String> = receiver.drain().into_iter().map(|it| it.target).collect();
            assert_eq!(
                !reached.is_empty(),
                is_open,
                "{allowed}: {host}: {reached:?}"
            );
        }
    }
}

/// Nothing answers at these addresses: whether they were tried is told by the reason of the failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_local_address_is_tried_only_where_the_flow_names_it_by_itself_whoever_chose_it() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_secret("steps_key", "wsk_0123456789abcdefghijklmnopqrstuv");
    let app = workspace.serve();
    workspace.set_variable("host", "169.254.213.9");
    for (allowed, is_tried) in [
        (json!(["169.254.0.0/16", "0.0.0.0/0"]), false),
        (json!(["169.254.213.9"]), true),
    ] {
        for chosen in ["order.host", "vars.host"] {
            let mut flow = calling(chosen, 9);
            flow["inner_destinations"] = allowed.clone();
            for step in flow["steps"].as_array_mut().expect("steps") {
                if step["kind"] != "set" {
                    step["timeout_ms"] = json!(300);
                }
            }
            flow["webhook_tasks"][0]["timeout_ms"] = json!(300);
            workspace.publish(&flow);
            let job = job_with_host(&app, &workspace, "169.254.213.9").await;
            for name in CALLERS {
                let code = &step(&job, name)["error"]["code"];
                assert_eq!(
                    code != "destination_refused",
                    is_tried,
                    "{allowed}: {name}: {job:#}"
                );
            }
        }
    }
}
