//! Keeping `serve` running: whether it is ready from its start to its end, how it stops, and its log.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::numbers::numbers;
use crate::support::{TestApp, TestSender, Workspace, await_json, intake};

pub const KEY: &str = "intake-key-0123456789";
const WAIT_S_MAX: u64 = 20;

/// With a flow that takes requests in.
pub fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    workspace
}

/// The status and the body of a GET without a token; none if nobody answers.
async fn get(url: String) -> Option<(u16, String)> {
    let answer = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .expect("a client")
        .get(url)
        .send()
        .await
        .ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.text().await.ok()?))
}

fn said(status: u16, body: &str) -> Option<(u16, String)> {
    Some((status, format!("{{\"status\": \"{body}\"}}")))
}

/// A request whose body stops in the middle.
fn begin_upload(app: &TestApp) -> TcpStream {
    let address = app.receiver().trim_start_matches("http://");
    let mut upload = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "POST /api/webhook/local/intake?key={KEY} HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/json\r\ncontent-length: 8\r\n\r\n{{\"n\""
    );
    upload.write_all(head.as_bytes()).expect("it reads");
    upload
}

#[tokio::test(flavor = "multi_thread")]
async fn from_its_start_to_its_end_it_says_whether_it_takes_requests() {
    let workspace = workspace();
    workspace.run(&["health"]).code_is(3);
    let app = workspace.serve();
    let (receiver, control) = (app.receiver().to_owned(), app.control().to_owned());
    for listener in [&receiver, &control] {
        assert_eq!(get(format!("{listener}/healthz")).await, said(200, "alive"));
        assert_eq!(get(format!("{listener}/readyz")).await, said(200, "ready"));
    }
    let url = format!("{receiver}/readyz");
    let posted = TestSender::new();
    let posted = posted.send(Method::POST, &url, &[], Vec::new()).await;
    assert_eq!(posted.status, 405);
    let found = workspace.json(&["health"]);
    assert_eq!(
        (&found["state"], &found["vault"]["state"]),
        (&json!("ready"), &json!("ready"))
    );
    assert_eq!(workspace.run(&["health"]).ok().stdout, "ready\n");

    let mut upload = begin_upload(&app);
    // The receiver has it once it counts it.
    until(async || numbers(&app, None).await["hookloom_requests_under_way"] == 1.0).await;
    app.ask_to_stop();
    until(async || get(format!("{receiver}/readyz")).await == said(503, "draining")).await;
    assert_eq!(get(format!("{receiver}/healthz")).await, said(200, "alive"));
    let refused = TestSender::new()
        .hook(&app, "intake", KEY, &json!({}))
        .await;
    assert_eq!(refused.status, 503, "senders are asked to come again");
    assert_ne!(refused.header("retry-after"), "");
    upload.write_all(b": 1}").expect("it is still read");
    let mut answer = String::new();
    upload
        .read_to_string(&mut answer)
        .expect("an answer, then the end");
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "what was begun is taken: {answer}"
    );
    let (status, log) = app.until_stopped();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(get(format!("{receiver}/readyz")).await, None);
    workspace.run(&["health"]).code_is(3);
    let _app = workspace.serve();
    await_json(&workspace, &["job", "list"], |jobs| {
        jobs[0]["status"] == "complete"
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_twice_to_stop_does_not_wait_for_what_runs() {
    let workspace = Workspace::new();
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    workspace.publish(&json!({
        "format": "hookloom.flow/1", "name": "slow",
        "steps": [{"name": "ask", "kind": "http", "method": "GET", "url": url, "timeout_ms": 60000}],
    }));
    let app = workspace.serve();
    workspace.run(&["run", "slow"]).ok();
    let asked = async || {
        let patience = Duration::from_secs(WAIT_S_MAX);
        let asked = tokio::time::timeout(patience, silent.accept()).await;
        asked.expect("the step asks in time").expect("a connection")
    };
    let _first = asked().await;
    let began = Instant::now();
    app.ask_to_stop();
    until(async || get(format!("{}/healthz", app.control())).await.is_none()).await;
    app.ask_to_stop();
    let (status, log) = app.until_stopped();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("goes on at the next start"), "{log}");
    assert!(
        began.elapsed() < Duration::from_secs(9),
        "it waited for the attempt"
    );
    let _app = workspace.serve();
    let _again = asked().await;
}

pub async fn until(is_it: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(WAIT_S_MAX);
    while !is_it().await {
        assert!(Instant::now() < deadline, "it does not come to that");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The lines of every file of the log.
fn files_of_log(workspace: &Workspace) -> String {
    let files = fs::read_dir(workspace.data().join("logs")).expect("the log has a folder");
    let read = |file: fs::DirEntry| fs::read_to_string(file.path()).expect("text");
    files.map(|file| read(file.expect("an entry"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_one_object_a_line_here_and_in_files_and_no_secret_is_in_it() {
    let workspace = workspace();
    let host = format!("cnry{:x}zq", std::process::id());
    workspace.set_secret("shop", &format!("http://{host}.invalid"));
    // The client names every host that it connects to, in lines of its own.
    workspace.set_secret("host", &format!("{host}.invalid"));
    workspace.publish(&json!({
        "format": "hookloom.flow/1", "name": "ask",
        "steps": [{"name": "ask", "kind": "http", "method": "GET", "url": "{{secrets.shop}}"}],
    }));
    let options = ["--log-format", "json"];
    let app = TestApp::start_with(&workspace, &options, &[("HOOKLOOM_LOG", "debug")]);
    assert_eq!(workspace.run(&["run", "ask", "--wait"]).code, 1);
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    let kept = files_of_log(&workspace);
    for (place, text) in [("standard error", &log), ("the files", &kept)] {
        let lines: Vec<Value> = text
            .lines()
            .map(|line| {
                serde_json::from_str(line)
                    .unwrap_or_else(|error| panic!("{place}: {error}: {line}"))
            })
            .collect();
        assert!(lines.len() >= 2, "{place}: {text}");
        assert!(
            lines
                .iter()
                .all(|it| it["level"].is_string() && it["timestamp"].is_string())
        );
        assert!(
            lines.iter().any(|it| it["message"]
                .as_str()
                .is_some_and(|it| it.contains("listener is on"))),
            "{text}"
        );
        assert!(!text.contains(&host), "{place}: {text}");
        assert!(text.contains("••••"), "{place}: nothing was masked: {text}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_journal_gets_priorities_and_no_times_and_a_log_that_cannot_be_kept_stops_nothing() {
    let workspace = workspace();
    fs::write(workspace.data().join("logs"), "in the way").expect("a file");
    let command = workspace.program_in_shell(
        "export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/2); exec \"$0\" \"$@\"",
    );
    let app = TestApp::start_command(command, &[], &[]);
    let sender = TestSender::new();
    assert_eq!(
        sender.hook(&app, "intake", KEY, &json!({})).await.status,
        200
    );
    assert_eq!(
        get(format!("{}/readyz", app.receiver())).await,
        said(200, "ready")
    );
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    assert!(log.contains("\n<6>") || log.starts_with("<6>"), "{log}");
    assert!(
        log.lines()
            .any(|line| line.starts_with("<6>the receiver listener is on")),
        "{log}"
    );
    assert_eq!(
        log.matches("The files of the log cannot be written")
            .count(),
        1,
        "{log}"
    );
    assert!(!log.contains('\u{1b}'), "colours: {log}");
}
