//! What must hold after all the kills.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::load::state_of;
use crate::support::Received;

/// What was answered and is lost, is there twice, or ended as it should not.
pub(super) fn jobs_that_are_wrong(
    jobs: &Value,
    answered: &BTreeMap<i64, u64>,
    bursts: &BTreeMap<u64, BTreeSet<i64>>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let jobs = jobs.as_array().expect("a list");
    let ids: Vec<i64> = jobs.iter().filter_map(|job| job["id"].as_i64()).collect();
    let unique: BTreeSet<i64> = ids.iter().copied().collect();
    if ids.len() != unique.len() {
        wrong.push("a job is listed twice".to_owned());
    }
    let of_bursts = bursts.values().flatten();
    let lost = answered
        .keys()
        .chain(of_bursts)
        .filter(|id| !unique.contains(id));
    wrong.extend(lost.map(|id| format!("job {id} was answered with 2xx and is lost")));
    let numbers: BTreeSet<u64> = answered.values().copied().collect();
    if numbers.len() != answered.len() {
        wrong.push("a number has two jobs".to_owned());
    }
    let several = bursts.iter().filter(|(_, jobs)| jobs.len() != 1);
    wrong.extend(several.map(|(burst, jobs)| format!("the key of burst {burst} began {jobs:?}")));
    let once = jobs.iter().filter(|job| job["flow"] == "once").count();
    if once != bursts.len() {
        wrong.push(format!("{once} jobs began for {} keys", bursts.len()));
    }
    let complete = jobs
        .iter()
        .filter(|job| job["status"] == "complete")
        .count();
    if complete * 10 < jobs.len() * 9 {
        wrong.push(format!("{complete} of {} are complete", jobs.len()));
    }
    for job in jobs {
        let deliveries = u64::from(job["flow"] == "intake");
        let has_ended = job["status"] == "complete" || was_stopped_thrice(job);
        if !has_ended || job["deliveries"]["total"] != deliveries {
            wrong.push(job.to_string());
        }
    }
    wrong
}

/// Kills that follow each other closely hit the same step: the third in a row ends it, with that reason.
fn was_stopped_thrice(job: &Value) -> bool {
    let reason = job["error"]["message"].as_str().unwrap_or_default();
    job["status"] == "failed" && reason.contains("3 times in a row")
}

/// A step that was interrupted is called again, but always with one key for one number; and every end is told.
pub(super) fn calls_that_are_wrong(
    received: &[Received],
    answered: &BTreeMap<i64, u64>,
    jobs: &Value,
) -> Vec<String> {
    let mut wrong = Vec::new();
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
            if message.header("x-state") != state_of(number) {
                wrong.push(format!("number {number} was called with another state"));
            }
            let key = message.header("idempotency-key").to_owned();
            keys.entry(number).or_default().insert(key);
        } else {
            let job = body["job"].as_i64().expect("a number");
            told.entry(job).or_default().insert(message.text());
        }
    }
    for (job_id, number) in answered {
        let keys = keys.get(number).map_or(0, BTreeSet::len);
        // One that was stopped thrice may have been stopped before it called.
        if keys != 1 && !(keys == 0 && failed.contains(job_id)) {
            wrong.push(format!("number {number} was called with {keys} keys"));
        }
        let told = told.get(job_id).map_or(0, BTreeSet::len);
        if told != 1 {
            wrong.push(format!("job {job_id} was told in {told} ways"));
        }
    }
    wrong
}

#[test]
fn the_checks_notice_a_job_that_is_lost_doubled_or_stuck() {
    let job = |id: i64, flow: &str, status: &str| {
        let total = u64::from(flow == "intake");
        json!({"id": id, "flow": flow, "status": status, "deliveries": {"total": total}})
    };
    let good = vec![job(1, "intake", "complete"), job(2, "once", "complete")];
    let answered = BTreeMap::from([(1, 10)]);
    let bursts = BTreeMap::from([(0, BTreeSet::from([2]))]);
    let wrong = |jobs: Vec<Value>, answered: &BTreeMap<i64, u64>| {
        !jobs_that_are_wrong(&json!(jobs), answered, &bursts).is_empty()
    };
    assert!(!wrong(good.clone(), &answered));
    assert!(wrong(good[..1].to_vec(), &answered), "lost");
    assert!(wrong(good[1..].to_vec(), &answered), "lost");
    assert!(
        wrong(
            [good.clone(), vec![job(3, "once", "complete")]].concat(),
            &answered
        ),
        "doubled"
    );
    assert!(
        wrong(good.clone(), &BTreeMap::from([(1, 10), (2, 10)])),
        "doubled"
    );
    assert!(
        wrong(
            vec![job(1, "intake", "running"), good[1].clone()],
            &answered
        ),
        "stuck"
    );
    let calls = calls_that_are_wrong(&[], &answered, &json!(good));
    assert_eq!(calls.len(), 2, "neither called nor told: {calls:?}");
}
