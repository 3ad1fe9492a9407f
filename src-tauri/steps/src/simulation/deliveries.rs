//! What must hold of the deliveries of a simulated world.

use std::collections::HashMap;

use hookloom_engine::testing::{Disk, SeenRequest};
use hookloom_model::{DeliveryStatus, JobStatus, TaskId, is_trial};
use serde_json::Value;

use super::world::RETRY_AFTER_MS;

/// Each delivery that is due is there, ends, goes out once for each attempt, and keeps to what receivers ask for.
pub(super) fn check(disk: &Disk, document: &Value, seen: &[SeenRequest], found: &mut Vec<String>) {
    let deliveries = disk.deliveries();
    for job in disk.jobs() {
        let of_job = deliveries
            .iter()
            .filter(|delivery| delivery.row.job_id == job.stored.id);
        let expected = match is_trial(job.stored.version) {
            true => 0,
            false => expected_deliveries(document, job.status),
        };
        let count = of_job.count();
        if count != expected {
            found.push(format!(
                "job {} has {count} deliveries, not {expected}",
                job.stored.id
            ));
        }
    }
    check_wishes(disk, seen, found);
    for delivery in &deliveries {
        let id = delivery.row.id.to_string();
        let arrivals: Vec<_> = seen
            .iter()
            .filter(|request| request.header("webhook-id") == Some(&id))
            .collect();
        if !delivery.row.status.is_final() {
            found.push(format!("{id} is left {}", delivery.row.status));
        }
        if arrivals.len() > delivery.row.attempts_total as usize {
            found.push(format!("{id} arrived more often than it was attempted"));
        }
        if arrivals
            .iter()
            .any(|request| request.body != arrivals[0].body)
        {
            found.push(format!("{id} arrived with different bodies"));
        }
        let ended = delivery
            .ends
            .iter()
            .find(|end| end.status == DeliveryStatus::Delivered);
        if let Some(end) = ended
            && arrivals
                .iter()
                .any(|request| request.at_ms > end.ended_at_ms)
        {
            found.push(format!("{id} was delivered and went out again"));
        }
    }
}

fn expected_deliveries(document: &Value, status: JobStatus) -> usize {
    let tasks = document["webhook_tasks"].as_array().into_iter().flatten();
    let events = tasks.map(|task| task["event"].as_str().unwrap_or_default());
    events
        .filter(|event| match *event {
            "job_succeeded" => status == JobStatus::Complete,
            "job_failed" => status != JobStatus::Complete,
            _ => true,
        })
        .count()
}

/// A receiver that says when to come again is not called before; one that wants no more gets no more.
fn check_wishes(disk: &Disk, seen: &[SeenRequest], found: &mut Vec<String>) {
    let mut gone: HashMap<TaskId, i64> = HashMap::new();
    let deliveries = disk.deliveries();
    for delivery in &deliveries {
        for end in &delivery.ends {
            if let Some(disable) = &end.disable_task {
                gone.entry(disable.task_id).or_insert(end.ended_at_ms);
            }
            let wait_ms = end.next_attempt_at_ms.map(|at_ms| at_ms - end.ended_at_ms);
            if end.result.http_status == Some(429)
                && wait_ms.is_some_and(|wait_ms| wait_ms < RETRY_AFTER_MS)
            {
                let id = delivery.row.id;
                found.push(format!(
                    "{id} goes out again sooner than its receiver asked for"
                ));
            }
        }
    }
    for delivery in &deliveries {
        let id = delivery.row.id.to_string();
        let since = gone.get(&delivery.row.task_id);
        let mut arrivals = seen
            .iter()
            .filter(|request| request.header("webhook-id") == Some(&id));
        if since.is_some_and(|since| arrivals.any(|request| request.at_ms > *since)) {
            found.push(format!("{id} went out to a receiver that wants no more"));
        }
    }
}
