//! Keeping `serve` running: whether it is ready from its start to its end, how it stops, its numbers and its log.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{TestApp, TestReceiver, TestSender, Workspace, await_json, intake, tell};

const KEY: &str = "intake-key-0123456789";
const WAIT_S_MAX: u64 = 20;

fn workspace() -> Workspace {
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

/// Each sample by its name and labels, if the text is what a monitor reads: families with help and kind before their
/// samples, no sample twice, histograms that grow.
fn parsed(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "the last line ends");
    let (mut families, mut samples) = (BTreeMap::new(), BTreeMap::new());
    let mut helped = HashSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap_or_default();
            assert!(helped.insert(name.to_owned()), "{line} twice");
            continue;
        }
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a kind");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(
                helped.contains(name) && families.insert(name, kind).is_none(),
                "{line}"
            );
            continue;
        }
        let (key, value) = line.rsplit_once(' ').expect("a value");
        let name = key.split('{').next().unwrap_or_default();
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || it == b'_')
        };
        assert!(is_name(name), "{line}");
        let of_histogram = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .filter(|name| families.get(name) == Some(&"histogram"));
        assert!(
            families.contains_key(of_histogram.unwrap_or(name)),
            "{line} has no kind"
        );
        if let Some(labels) = key.strip_prefix(name).filter(|it| !it.is_empty()) {
            let labels = labels.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            for label in labels.expect("brackets").split("\",") {
                let (name, value) = label.split_once("=\"").expect("a label");
                assert!(
                    is_name(name) && !value.trim_end_matches('"').contains('"'),
                    "{line}"
                );
            }
        }
        let value: f64 = value.parse().expect("a number");
        assert!(
            samples.insert(key.to_owned(), value).is_none(),
            "{line} twice"
        );
    }
    for name in families
        .iter()
        .filter(|it| *it.1 == "histogram")
        .map(|it| it.0)
    {
        let mut below = 0.0;
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("{name}_bucket")));
        for line in lines {
            let count: f64 = line
                .rsplit(' ')
                .next()
                .and_then(|it| it.parse().ok())
                .expect("a count");
            assert!(count >= below, "{name}{line}");
            below = count;
        }
        assert_eq!(samples[&format!("{name}_count")], below, "{name}");
    }
    samples
}

/// The numbers, with the owner's token or another.
async fn numbers(app: &TestApp, token: Option<&str>) -> BTreeMap<String, f64> {
    let bearer = format!("Bearer {}", token.unwrap_or(&app.token()));
    let url = format!("{}/api/v1/metrics", app.control());
    let sender = TestSender::new();
    let answer = sender
        .send(Method::GET, &url, &[("authorization", &bearer)], Vec::new())
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(!answer.body.contains(KEY));
    parsed(&answer.body)
}

async fn until(is_it: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(WAIT_S_MAX);
    while !is_it().await {
        assert!(Instant::now() < deadline, "it does not come to that");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_reads_numbers_that_agree_with_the_statistics() {
    let workspace = workspace();
    let receiver = TestReceiver::start().await;
    let mut document = intake("tell");
    document["webhook_tasks"] = json!([tell("hook", receiver.url())]);
    workspace.publish(&document);
    let app = workspace.serve();
    let token = workspace.json(&["token", "create", "prometheus", "--scope", "read"]);
    let token = token["token"].as_str().expect("a token").to_owned();
    let before = numbers(&app, Some(&token)).await;
    assert_eq!(before["hookloom_jobs_begun_total"], 0.0);
    let sender = TestSender::new();
    for number in 0..5 {
        let answer = sender.hook(&app, "tell", KEY, &json!({"n": number})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for _ in 0..2 {
        let key = [("idempotency-key", "one")];
        let twice = sender
            .hook_with(&app, "intake", KEY, &json!({}), &key)
            .await;
        assert_eq!(twice.status, 200);
        assert_eq!(
            sender
                .hook(&app, "intake", "wrong", &json!({}))
                .await
                .status,
            401
        );
    }
    let nowhere = format!("{}/nowhere", app.receiver());
    assert_eq!(
        sender
            .send(Method::GET, &nowhere, &[], Vec::new())
            .await
            .status,
        404
    );
    let counted = await_json(&workspace, &["stats"], |it| {
        let all = it["flows"].as_array().expect("flows");
        let complete = all
            .iter()
            .filter_map(|it| it["jobs"]["complete"].as_u64())
            .sum::<u64>();
        let rejected = it["endpoints"].as_array().expect("endpoints").iter();
        let rejected = rejected
            .filter_map(|it| it["requests"]["rejected"].as_u64())
            .sum::<u64>();
        (complete, rejected) == (6, 2)
    });
    until(async || {
        numbers(&app, None).await["hookloom_deliveries_ended_total{status=\"delivered\"}"] == 5.0
    })
    .await;
    let found = numbers(&app, Some(&token)).await;
    for endpoint in counted["endpoints"].as_array().expect("endpoints") {
        for (verdict, count) in endpoint["requests"].as_object().expect("requests") {
            let (flow, name) = (&endpoint["flow"], &endpoint["endpoint"]);
            let key = format!(
                "hookloom_requests_total{{flow={flow},endpoint={name},verdict=\"{verdict}\"}}"
            );
            assert_eq!(found.get(&key).copied(), count.as_f64(), "{key} {found:#?}");
        }
    }
    let is = |name: &str| found.get(name).copied().unwrap_or(-1.0);
    for (name, expected) in [
        ("hookloom_ready", 1.0),
        ("hookloom_jobs_begun_total", 6.0),
        ("hookloom_jobs_ended_total{status=\"complete\"}", 6.0),
        ("hookloom_jobs_ended_total{status=\"failed\"}", 0.0),
        ("hookloom_jobs_open{status=\"running\"}", 0.0),
        ("hookloom_job_seconds_count", 6.0),
        (
            "hookloom_delivery_attempts_total{status=\"delivered\"}",
            5.0,
        ),
        ("hookloom_delivery_attempt_seconds_count", 5.0),
        ("hookloom_deliveries_open{status=\"waiting\"}", 0.0),
        ("hookloom_unknown_paths_total", 1.0),
        ("hookloom_answer_seconds_count", 10.0),
        ("hookloom_kept{what=\"jobs\"}", 6.0),
    ] {
        assert_eq!(is(name), expected, "{name} {found:#?}");
    }
    for name in [
        "hookloom_database_bytes",
        "hookloom_disk_free_bytes",
        "hookloom_commit_seconds_count",
        "process_resident_memory_bytes",
    ] {
        assert!(is(name) > 0.0, "{name} {found:#?}");
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
