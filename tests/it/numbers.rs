//! The numbers for a monitor: they have its format, they agree with the statistics, and no secret is in them.

use std::collections::{BTreeMap, HashSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::operation::{KEY, until, workspace};
use crate::support::{TestApp, TestReceiver, TestSender, await_json, intake, tell};

/// Each sample by its name and labels, if the text is what a monitor reads: families with help and kind before their
/// samples, no sample twice, histograms that grow.
fn parsed(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "the last line ends");
    let (mut families, mut samples) = (BTreeMap::new(), BTreeMap::new());
    let mut helped = HashSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap_or_default();
            assert!(helped.insert(name), "{line} twice");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a kind");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            let is_new = families.insert(name, kind).is_none();
            assert!(helped.contains(name) && is_new, "{line}");
        } else {
            let (key, value) = sample(line, &families);
            assert!(samples.insert(key, value).is_none(), "{line} twice");
        }
    }
    for (name, _) in families.iter().filter(|(_, kind)| **kind == "histogram") {
        check_buckets(name, text, &samples);
    }
    samples
}

/// A name with its labels, and its number.
fn sample(line: &str, families: &BTreeMap<&str, &str>) -> (String, f64) {
    let (key, value) = line.rsplit_once(' ').expect("a value");
    let name = key.split('{').next().unwrap_or_default();
    let is_name = |text: &str| {
        let is_fine = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
        !text.is_empty() && text.bytes().all(is_fine)
    };
    assert!(is_name(name), "{line}");
    let of_histogram = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|name| families.get(name) == Some(&"histogram"));
    let family = of_histogram.unwrap_or(name);
    assert!(families.contains_key(family), "{line} has no kind");
    if let Some(labels) = key.strip_prefix(name).filter(|it| !it.is_empty()) {
        let labels = labels
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix("\"}"));
        for label in labels.expect("brackets").split("\",") {
            let (name, value) = label.split_once("=\"").expect("a label");
            assert!(is_name(name) && !value.contains('"'), "{line}");
        }
    }
    (key.to_owned(), value.parse().expect("a number"))
}

fn check_buckets(name: &str, text: &str, samples: &BTreeMap<String, f64>) {
    let begin = format!("{name}_bucket");
    let mut below = 0.0;
    for line in text.lines().filter(|line| line.starts_with(&begin)) {
        let count: f64 = line
            .rsplit(' ')
            .next()
            .and_then(|it| it.parse().ok())
            .expect("a count");
        assert!(count >= below, "{line}");
        below = count;
    }
    assert_eq!(samples[&format!("{name}_count")], below, "{name}");
}

/// The numbers, with the owner's token or another.
pub async fn numbers(app: &TestApp, token: Option<&str>) -> BTreeMap<String, f64> {
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
    send_ten(&app).await;
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
    agree(&counted, &found);
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

/// Five accepted, one more that comes twice, two with a wrong key, one to nowhere.
async fn send_ten(app: &TestApp) {
    let sender = TestSender::new();
    for number in 0..5 {
        let answer = sender.hook(app, "tell", KEY, &json!({"n": number})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for _ in 0..2 {
        let key = [("idempotency-key", "one")];
        let twice = sender.hook_with(app, "intake", KEY, &json!({}), &key).await;
        assert_eq!(twice.status, 200);
        assert_eq!(
            sender.hook(app, "intake", "wrong", &json!({})).await.status,
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
}

/// What came in is counted alike, by endpoint and verdict.
fn agree(counted: &Value, found: &BTreeMap<String, f64>) {
    for endpoint in counted["endpoints"].as_array().expect("endpoints") {
        for (verdict, count) in endpoint["requests"].as_object().expect("requests") {
            let (flow, name) = (&endpoint["flow"], &endpoint["endpoint"]);
            let key = format!(
                "hookloom_requests_total{{flow={flow},endpoint={name},verdict=\"{verdict}\"}}"
            );
            assert_eq!(found.get(&key).copied(), count.as_f64(), "{key} {found:#?}");
        }
    }
}
