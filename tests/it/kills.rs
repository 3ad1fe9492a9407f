//! `kill -9` of the real server under load: nothing that was answered with 2xx is lost, doubled or stuck.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::{Mutex, RwLock};

use crate::support::{
    TestReceiver, TestSender, Workspace, answer, await_json, hook_url, intake, tell,
};

const KILLS: usize = 20;
const SENDERS: usize = 8;
const KEY: &str = "intake-key-0123456789";

/// What was answered with 2xx: job id to the number that was sent.
type Answered = Arc<Mutex<BTreeMap<i64, u64>>>;

/// The jobs that the receiver was told about.
type Told = Arc<std::sync::Mutex<BTreeSet<i64>>>;

/// A flow whose jobs call the receiver and tell it about their end.
fn document(receiver: &TestReceiver) -> Value {
    let mut document = intake("intake");
    document["steps"] = json!([
        {"name": "keep", "kind": "set", "values": {"n": "{{requestBody.n}}"}},
        {"name": "call", "kind": "http", "after": [{"step": "keep"}], "method": "POST",
         "url": format!("{}/called", receiver.url()),
         "headers": {"Content-Type": "application/json", "X-State": "{{secretState.token}}"},
         "body": "{\"n\": {{steps.keep.data.n}}}",
         "retry": {"attempts_max": 5, "delay_ms": 100}}
    ]);
    document["outputs"] = json!([{"name": "called", "step": "call"}]);
    document["webhook_tasks"] = json!([tell("tell", &format!("{}/told", receiver.url()))]);
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_under_load_lose_nothing_double_nothing_and_leave_nothing_stuck() {
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&document(&receiver));

    let told = Told::default();
    receiver.script({
        let told = Arc::clone(&told);
        move |message| {
            if message.target == "/told" {
                told.lock()
                    .expect("no panic")
                    .extend(message.json()["job"].as_i64());
            }
            answer(200, "{}")
        }
    });
    let mut app = workspace.serve();
    let url = Arc::new(RwLock::new(hook_url(&app, "intake", KEY)));
    let answered = Answered::default();
    let done = Arc::new(AtomicBool::new(false));
    let numbers = Arc::new(AtomicU64::new(0));
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (url, answered) = (Arc::clone(&url), Arc::clone(&answered));
            let (done, numbers) = (Arc::clone(&done), Arc::clone(&numbers));
            tokio::spawn(send_until(done, url, numbers, answered))
        })
        .collect();
    for round in 0..KILLS {
        under_load(&answered, &told, round).await;
        app.kill();
        app = workspace.serve();
        *url.write().await = hook_url(&app, "intake", KEY);
    }
    done.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.await.expect("a sender ends");
    }

    let answered = answered.lock().await.clone();
    assert!(answered.len() > KILLS, "there was load: {}", answered.len());
    let jobs = await_json(
        &workspace,
        &["job", "list", "--brief", "--limit", "100000"],
        |jobs| {
            let jobs = jobs.as_array().expect("a list");
            jobs.iter().all(|job| {
                !job["ended_at"].is_null()
                    && job["deliveries"]["delivered"] == job["deliveries"]["total"]
            })
        },
    );
    assert_nothing_lost(&jobs, &answered);
    assert_calls_are_once(&receiver.drain(), &answered, &jobs);
    app.kill();
    let _app = workspace.serve();
    let keys = workspace.data().join("keys");
    let left = std::fs::read_dir(keys).map_or(0, Iterator::count);
    assert_eq!(left, 0, "keys of jobs that have ended are left");
}

/// Waits until what was accepted before this life is through, so that a kill hits work in every stage and no step is
/// hit by every kill; then a moment more that differs.
async fn under_load(answered: &Answered, told: &Told, round: usize) {
    let before: Vec<i64> = answered.lock().await.keys().copied().collect();
    let is_through = || {
        let told = told.lock().expect("no panic");
        before.iter().all(|job| told.contains(job))
    };
    let deadline = Instant::now() + Duration::from_secs(8);
    while !is_through() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(20 + 17 * (round as u64 % 6))).await;
}

/// Sends until told to stop. A number is sent again with the same key until it is answered.
async fn send_until(
    done: Arc<AtomicBool>,
    url: Arc<RwLock<String>>,
    numbers: Arc<AtomicU64>,
    answered: Answered,
) {
    let sender = TestSender::new();
    while !done.load(Ordering::Relaxed) {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let key = format!("number-{number}");
        loop {
            let to = url.read().await.clone();
            let body =
                json!({"n": number, "_secretStatePut": {"token": state_of(number)}}).to_string();
            match sender
                .try_hook(&to, &[("idempotency-key", &key)], body)
                .await
            {
                Some(answer) if answer.status == 200 => {
                    let job_id = answer.json()["job_id"].as_i64().expect("a number");
                    answered.lock().await.insert(job_id, number);
                    break;
                }
                _ if done.load(Ordering::Relaxed) => return,
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        // The point is a kill in the middle of work, not a queue of hours.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn assert_nothing_lost(jobs: &Value, answered: &BTreeMap<i64, u64>) {
    let jobs = jobs.as_array().expect("a list");
    let ids: Vec<i64> = jobs.iter().filter_map(|job| job["id"].as_i64()).collect();
    let unique: BTreeSet<i64> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "a job is listed twice");
    let lost: Vec<_> = answered.keys().filter(|id| !unique.contains(id)).collect();
    assert!(lost.is_empty(), "answered with 2xx and lost: {lost:?}");
    let numbers: BTreeSet<u64> = answered.values().copied().collect();
    assert_eq!(numbers.len(), answered.len(), "a number has two jobs");
    let complete = jobs
        .iter()
        .filter(|job| job["status"] == "complete")
        .count();
    assert!(
        complete * 10 >= jobs.len() * 9,
        "{complete} of {} are complete",
        jobs.len()
    );
    for job in jobs {
        assert!(
            job["status"] == "complete" || was_stopped_thrice(job),
            "{job}"
        );
        assert_eq!(job["deliveries"]["total"], 1, "{job}");
    }
}

/// Kills that follow each other closely hit the same step: the third in a row ends it, with that reason.
fn was_stopped_thrice(job: &Value) -> bool {
    let reason = job["error"]["message"].as_str().unwrap_or_default();
    job["status"] == "failed" && reason.contains("3 times in a row")
}

/// What came with a call, and lives as long as its job.
fn state_of(number: u64) -> String {
    format!("state-token-{number}")
}

/// A step that was interrupted is called again, but always with one key for one number.
fn assert_calls_are_once(
    received: &[crate::support::Received],
    answered: &BTreeMap<i64, u64>,
    jobs: &Value,
) {
    let failed: BTreeSet<i64> = jobs
        .as_array()
        .expect("a list")
        .iter()
        .filter(|job| job["status"] != "complete")
        .filter_map(|job| job["id"].as_i64())
        .collect();
    let mut keys: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let mut told: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for message in received {
        let body = message.json();
        if message.target == "/called" {
            let number = body["n"].as_u64().expect("a number");
            assert_eq!(message.header("x-state"), state_of(number));
            keys.entry(number)
                .or_default()
                .insert(message.header("idempotency-key").to_owned());
        } else {
            let job = body["job"].as_i64().expect("a number");
            told.entry(job).or_default().insert(message.text());
        }
    }
    for (job_id, number) in answered {
        let keys = keys.get(number).map_or(0, BTreeSet::len);
        // One that was stopped thrice may have been stopped before it called.
        let is_right = keys == 1 || (keys == 0 && failed.contains(job_id));
        assert!(is_right, "number {number} was called with {keys} keys");
        let told = told.get(job_id).map_or(0, BTreeSet::len);
        assert_eq!(told, 1, "job {job_id} was told in {told} ways");
    }
}
