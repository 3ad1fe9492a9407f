//! Deliveries: what is sent, when it is tried again, and what ends it.

use hookloom_model::{DeliveryStatus, JobStatus};
use serde_json::{Value, json};

use crate::ports::{Clock as _, HttpErrorKind};
use crate::testing::{Reply, Rig, SeenRequest, StoredDelivery, start};
use crate::{Engine, StartJob};

fn flow(tasks: Value) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "order_intake",
        "steps": [{"name": "a", "kind": "set", "values": {"total": "{{trigger.body}}"}}],
        "webhook_tasks": tasks,
    })
}

fn task(keys: Value) -> Value {
    let mut task = json!({
        "name": "Tell", "url": "https://tasks.example/tell", "method": "POST",
        "event": "job_finished", "object": "any_job", "headers": {"Content-Type": "application/json"},
        "body": "{\"text\": \"Job $jobId: $jobStatus\", \"total\": {{steps.a.data.total | default(0)}}}",
    });
    if let (Some(task), Value::Object(keys)) = (task.as_object_mut(), keys) {
        task.extend(keys);
    }
    task
}

fn rig(keys: Value) -> Rig {
    Rig::new(&flow(json!([task(keys)])))
}

fn only(rig: &Rig) -> StoredDelivery {
    let mut deliveries = rig.disk.deliveries();
    assert_eq!(deliveries.len(), 1);
    deliveries.remove(0)
}

fn gaps(seen: &[SeenRequest]) -> Vec<i64> {
    seen.windows(2)
        .map(|pair| pair[1].at_ms - pair[0].at_ms)
        .collect()
}

#[test]
fn a_job_that_a_job_started_says_so_to_those_whom_it_calls() {
    let rig = rig(json!({}));
    rig.live(async |engine: Engine| {
        let started = engine.start_job(StartJob {
            depth: 5,
            ..start(Some(json!(7)))
        });
        started.await.expect("it can be started");
        rig.rest().await;
    });
    assert_eq!(
        rig.seen_at("/tell")[0].header("x-hookloom-depth"),
        Some("6")
    );
}

#[test]
fn a_message_is_rendered_signed_and_recorded() {
    let rig = rig(json!({"secret": "signing"}));
    rig.secrets.set("signing", "mySecret-canary");
    let job = rig.run(Some(json!(7)));
    assert_eq!(job.status, JobStatus::Complete);
    let seen = &rig.seen_at("/tell")[0];
    assert_eq!(seen.body, r#"{"text": "Job 1: Complete", "total": 7}"#);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Delivered);
    assert_eq!(
        seen.header("webhook-id"),
        Some(delivery.row.id.to_string().as_str())
    );
    assert!(
        seen.header("user-agent")
            .is_some_and(|agent| agent.starts_with("Hookloom/"))
    );
    assert_eq!(seen.header("x-hookloom-depth"), Some("1"));
    let signature = seen.header("x-webhook-signature").expect("it is signed");
    assert!(
        signature.starts_with(&format!("t={},sha256=", seen.at_ms)),
        "{signature}"
    );
    let end = &delivery.ends[0];
    assert_eq!(end.result.http_status, Some(200));
    let sent = end.sent.as_ref().expect("the attempt keeps what was sent");
    assert_eq!(sent.body, seen.body);
    assert!(!format!("{end:?}").contains("mySecret-canary"));
}

#[test]
fn failures_are_tried_again_by_the_schedule_with_new_signatures_and_the_same_bytes() {
    let rig = rig(json!({"secret": "signing"})).answering(|_| Reply::json(500, "{}"));
    rig.secrets.set("signing", "mySecret-canary");
    rig.run(None);
    let seen = rig.seen_at("/tell");
    assert_eq!(seen.len(), 8);
    let schedule = [
        5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000,
    ];
    for (gap, planned) in gaps(&seen).into_iter().zip(schedule) {
        assert!((gap - planned).abs() <= planned / 10, "{gap} for {planned}");
    }
    let signatures: std::collections::HashSet<_> = seen
        .iter()
        .map(|request| request.header("x-webhook-signature"))
        .collect();
    assert_eq!(signatures.len(), 8);
    assert!(seen.iter().all(|request| request.body == seen[0].body));
    assert!(
        seen.iter()
            .all(|request| request.header("webhook-id") == seen[0].header("webhook-id"))
    );
    assert_eq!(only(&rig).row.status, DeliveryStatus::Failed);
}

#[test]
fn without_retries_there_is_one_attempt_and_a_redirect_is_a_failure() {
    let rig = rig(json!({"retry_on_failure": false}))
        .answering(|_| Reply::json(302, "").with_header("location", "https://elsewhere.example/"));
    rig.run(None);
    assert_eq!(rig.seen.lock().len(), 1);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Failed);
    let error = delivery.ends[0].result.error.as_ref().expect("a reason");
    assert!(
        error.message.contains("redirects are not followed"),
        "{}",
        error.message
    );
}

#[test]
fn retry_after_postpones_and_never_shortens() {
    let rig = rig(json!({})).answering(|request| {
        static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        assert_eq!(request.method, "POST");
        match CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => Reply::json(503, "").with_header("retry-after", "3600"),
            1 => Reply::json(503, "").with_header("retry-after", "1"),
            _ => Reply::json(200, ""),
        }
    });
    rig.run(None);
    let gaps = gaps(&rig.seen_at("/tell"));
    assert_eq!(gaps[0], 3_600_000);
    assert!(gaps[1] >= 27_000, "{}", gaps[1]);
}

#[test]
fn a_410_ends_the_delivery_and_disables_the_task() {
    let rig = rig(json!({})).answering(|_| Reply::json(410, ""));
    rig.run(None);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Failed);
    assert_eq!(rig.seen.lock().len(), 1);
    assert_eq!(rig.disk.disabled_tasks(), [delivery.row.task_id]);
}

#[test]
fn a_refused_destination_is_not_tried_again() {
    let rig = rig(json!({})).answering(|_| Reply::failure(HttpErrorKind::Refused));
    rig.run(None);
    assert_eq!(rig.seen.lock().len(), 1);
    assert_eq!(only(&rig).row.status, DeliveryStatus::Failed);
}

#[test]
fn an_event_chooses_the_ends_that_it_is_sent_for() {
    let mut document = flow(json!([
        task(json!({"name": "S", "event": "job_succeeded"})),
        task(json!({"name": "F", "event": "job_failed"})),
        task(json!({"name": "E", "event": "job_finished"})),
        task(json!({"name": "Off", "event": "job_finished", "enabled": false})),
    ]));
    let names = |rig: &Rig| {
        let mut names: Vec<String> = rig
            .disk
            .deliveries()
            .into_iter()
            .map(|d| d.row.task)
            .collect();
        names.sort();
        names
    };
    let complete = Rig::new(&document);
    complete.run(None);
    assert_eq!(names(&complete), ["E", "S"]);
    document["steps"][0]["values"]["total"] = json!("{{trigger.body.missing}}");
    let failed = Rig::new(&document);
    failed.run(None);
    assert_eq!(names(&failed), ["E", "F"]);
    assert!(failed.seen.lock()[0].body.contains("Failed"));
}

#[test]
fn an_unreadable_secret_postpones_and_a_missing_one_fails_the_attempt() {
    let rig = rig(json!({"secret": "signing"}));
    rig.secrets.set("signing", "mySecret-canary");
    rig.secrets.lock(true);
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock
            .sleep_until_ms(rig.clock.now_ms() + 3_600_000)
            .await;
        assert_eq!(only(&rig).row.attempts_counted, 0);
        rig.secrets.lock(false);
        rig.rest().await;
    });
    let delivery = only(&rig);
    assert_eq!(
        (delivery.row.status, delivery.row.attempts_counted),
        (DeliveryStatus::Delivered, 1)
    );
    let looks = delivery.ends.len();
    assert!((3..20).contains(&looks), "{looks} looks in an hour");

    let rig = self::rig(json!({"secret": "signing", "retry_on_failure": false}));
    rig.run(None);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Failed);
    assert!(
        delivery.ends[0]
            .result
            .error
            .as_ref()
            .is_some_and(|error| error.code == "secret_missing")
    );
    assert!(rig.seen.lock().is_empty(), "nothing goes out unsigned");
}

#[test]
fn a_message_that_asks_for_what_is_not_recorded_fails_at_once() {
    let rig = rig(json!({"body": "{{steps.a.data.missing}}"}));
    rig.run(None);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Failed);
    assert_eq!(delivery.ends.len(), 1);
    let error = delivery.ends[0].result.error.as_ref().expect("a reason");
    assert!(error.message.contains("missing"), "{}", error.message);
}

#[test]
fn one_slow_receiver_stalls_nobody_else() {
    let mut rig = Rig::new(&flow(json!([
        task(json!({"name": "Slow", "url": "https://slow.example/slow"})),
        task(json!({"name": "Quick", "url": "https://quick.example/quick"})),
    ])))
    .answering(|request| {
        Reply::json(200, "").after(if request.url.contains("slow") {
            29_000
        } else {
            5
        })
    });
    rig.options.deliveries_max = 8;
    rig.options.deliveries_per_task_max = 4;
    rig.live(async |engine: Engine| {
        for _ in 0..30 {
            engine.start_job(start(None)).await.expect("started");
        }
        let begin_ms = rig.clock.now_ms();
        rig.clock.sleep_until_ms(begin_ms + 2_000).await;
        assert_eq!(rig.seen_at("/quick").len(), 30);
        assert_eq!(rig.seen_at("/slow").len(), 4, "the slow one has its bound");
        rig.rest().await;
    });
    assert_eq!(rig.seen_at("/slow").len(), 30);
}

#[test]
fn an_attempt_that_a_crash_cut_off_goes_out_again_and_does_not_count() {
    let rig = rig(json!({})).answering(|_| Reply::json(200, "").after(5_000));
    rig.live(async |engine: Engine| {
        engine.start_job(start(None)).await.expect("started");
        rig.clock.sleep_until_ms(rig.clock.now_ms() + 1_000).await;
    });
    assert_eq!(only(&rig).row.status, DeliveryStatus::Sending);
    rig.live(async |_engine: Engine| rig.rest().await);
    let delivery = only(&rig);
    assert_eq!(delivery.row.status, DeliveryStatus::Delivered);
    assert_eq!(
        (delivery.row.attempts_total, delivery.row.attempts_counted),
        (2, 1)
    );
    let seen = rig.seen_at("/tell");
    assert_eq!(seen[0].header("webhook-id"), seen[1].header("webhook-id"));
}

#[test]
fn a_resend_is_a_new_delivery_of_the_same_message() {
    let rig = rig(json!({}));
    rig.run(Some(json!(7)));
    let first = only(&rig).row.id;
    rig.live(async |engine: Engine| {
        let second = engine.resend(first).await.expect("it can be sent again");
        assert_ne!(second, first);
        rig.rest().await;
    });
    let seen = rig.seen_at("/tell");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
    assert_ne!(seen[0].header("webhook-id"), seen[1].header("webhook-id"));
}
