//! `kill -9` of the real server under load: nothing that was answered with 2xx is lost, doubled or stuck.

mod checks;
mod load;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{TestReceiver, TestSender, Workspace, answer, await_json, intake, tell};
use checks::{calls_that_are_wrong, jobs_that_are_wrong};
use load::{Load, Urls};

/// Kills of the short form, and of one campaign of the long one.
const KILLS: u64 = 100;
const SENDERS: usize = 3;
const ASKERS: usize = 1;
/// What a life accepts of new jobs at least before it is killed.
const ANSWERED_MIN: usize = 2;
const KEY: &str = "intake-key-0123456789";

/// A flow whose jobs call the receiver and tell it about their end.
fn calling(receiver: &TestReceiver) -> Value {
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

/// A flow whose callers wait for its answer.
fn asked() -> Value {
    let mut document = intake("ask");
    document["endpoints"][0]["mode"] = json!("sync");
    document["steps"] = json!([
        {"name": "twice", "kind": "set", "values": {"n": "{{requestBody.n * 2}}"}},
        {"name": "reply", "kind": "respond", "after": [{"step": "twice"}], "status": 201,
         "body": {"twice": "{{steps.twice.data.n}}"}}
    ]);
    document["outputs"] = json!([]);
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_under_load_lose_nothing_double_nothing_and_leave_nothing_stuck() {
    let asked_for = std::env::var("HOOKLOOM_SOAK_COUNT").ok();
    let kills: u64 = asked_for
        .as_ref()
        .map_or(KILLS, |count| count.parse().expect("a number of kills"));
    let mut begun = 0;
    let (mut answers, mut jobs) = (0, 0);
    while begun < kills {
        // Each campaign has a database of its own, so that its end can be looked at as a whole.
        let count = KILLS.min(kills - begun);
        let (answered, stored) = campaign(count).await;
        (answers, jobs) = (answers + answered, jobs + stored);
        begun += count;
        if asked_for.is_some() {
            eprintln!(
                "kill -9: {begun} of {kills} kills, {answers} answers with 2xx, {jobs} jobs: 0 lost, 0 twice, 0 stuck"
            );
        }
    }
}

/// So many kills; then everything is looked at. Gives how many answers there were, and jobs.
async fn campaign(kills: u64) -> (usize, usize) {
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    for document in [calling(&receiver), asked(), intake("once")] {
        workspace.publish(&document);
    }
    let load = Arc::new(Load::default());
    receiver.script({
        let load = Arc::clone(&load);
        move |message| {
            if message.target == "/told" {
                load.was_told(message.json()["job"].as_i64());
            }
            answer(200, "{}")
        }
    });
    let mut app = workspace.serve();
    load.move_to(Urls::of(&app)).await;
    let sender = TestSender::new();
    let mut callers = load.start(SENDERS, ASKERS);
    for round in 0..kills {
        callers.extend(load.start_duplicates(&sender, round));
        under_load(&load, round).await;
        app.kill();
        app = workspace.serve();
        load.move_to(Urls::of(&app)).await;
    }
    load.stop();
    for caller in callers {
        caller.await.expect("a caller ends");
    }

    let (answered, first_of) = load.answered().await;
    assert!(
        answered.len() as u64 > kills,
        "little load: {}",
        answered.len()
    );
    assert_eq!(first_of.len() as u64, kills, "every burst was answered");
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
    let wrong = jobs_that_are_wrong(&jobs, &answered, &first_of);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let wrong = calls_that_are_wrong(&receiver.drain(), &answered, &jobs);
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.kill();
    let _app = workspace.serve();
    let keys = workspace.data().join("keys");
    let left = std::fs::read_dir(keys).map_or(0, Iterator::count);
    assert_eq!(left, 0, "keys of jobs that have ended are left");
    (load.answers(), jobs.as_array().map_or(0, Vec::len))
}

/// Waits until this life has accepted something, and what was accepted before it is through, so that a kill hits work
/// in every stage and no step is hit by every kill; then a moment more that differs.
async fn under_load(load: &Load, round: u64) {
    let before: Vec<i64> = load.answered().await.0.into_keys().collect();
    let deadline = Instant::now() + Duration::from_secs(8);
    let is_loaded = async || {
        let new = load.answered().await.0.len() - before.len();
        new >= ANSWERED_MIN && load.are_told(&before)
    };
    while !is_loaded().await && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(11 * (round % 10))).await;
}
