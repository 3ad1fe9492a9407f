//! Deliveries: due, begun, ended, disabled, sent again, recovered.

use hookloom_engine::ports::{AttemptEnd, AttemptResult, Journal, Outbox, TaskDisable, Timings};
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_model::{DeliveryId, DeliveryStatus, JobId, TaskId};

use super::support::{Fixture, NOW_MS, delivery_id, new_delivery, whole_life};
use crate::{AttemptStatus, DeliveryFilter};

async fn with_deliveries(tasks: &[&str]) -> (Fixture, JobId, TaskId) {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let new = (1..)
        .zip(tasks)
        .map(|(n, task)| new_delivery(n, task))
        .collect();
    fixture
        .store
        .commit(whole_life(job_id, new))
        .await
        .expect("it is next");
    let flow = fixture.store.flow("orders").await.expect("it is there");
    let tell = flow
        .tasks
        .iter()
        .find(|task| task.name == "tell")
        .expect("it is in the document");
    let id = tell.id;
    (fixture, job_id, id)
}

pub(super) fn end(
    id: DeliveryId,
    status: DeliveryStatus,
    next_attempt_at_ms: Option<i64>,
) -> AttemptEnd {
    let failed = status != DeliveryStatus::Delivered;
    AttemptEnd {
        delivery_id: id,
        started_at_ms: NOW_MS,
        ended_at_ms: NOW_MS + 120,
        sent: Some(SentRequest {
            method: "POST".to_owned(),
            url: "https://a.example/".to_owned(),
            headers: vec![("x-webhook-signature".to_owned(), "t=1,sha256=0".to_owned())],
            body: "{}".to_owned(),
            body_truncated: false,
        }),
        result: AttemptResult {
            http_status: Some(if failed { 500 } else { 200 }),
            headers: vec![("server".to_owned(), "x".to_owned())],
            body: "answer".to_owned(),
            body_bytes: 6,
            body_truncated: false,
            error: failed.then(|| RecordedError {
                code: "http_status".to_owned(),
                message: "the receiver answered 500".to_owned(),
            }),
            timings: Timings {
                answer_ms: Some(119),
                ..Timings::default()
            },
            certificate: None,
        },
        counts: true,
        status,
        next_attempt_at_ms,
        disable_task: None,
    }
}

async fn due(fixture: &Fixture, now_ms: i64, except: &[TaskId]) -> Vec<DeliveryId> {
    let rows = fixture
        .store
        .due(now_ms, 100, except)
        .await
        .expect("a list");
    rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a_delivery_goes_from_pending_to_delivered_with_its_attempts() {
    let (fixture, job_id, _) = with_deliveries(&["tell"]).await;
    let (store, id) = (&fixture.store, delivery_id(1));
    assert_eq!(due(&fixture, NOW_MS, &[]).await, [id]);
    assert_eq!(due(&fixture, NOW_MS - 1, &[]).await, []);
    assert_eq!(
        store.begin(vec![id], NOW_MS).await.expect("it is due"),
        [id]
    );
    assert_eq!(due(&fixture, i64::MAX, &[]).await, [], "it is under way");
    let later = NOW_MS + 5_000;
    store
        .end(end(id, DeliveryStatus::Waiting, Some(later)))
        .await
        .expect("it is under way");
    assert_eq!(
        store.next_due_at_ms(&[]).await.expect("a time"),
        Some(later)
    );
    store.begin(vec![id], later).await.expect("it is due");
    store
        .end(end(id, DeliveryStatus::Delivered, None))
        .await
        .expect("it is under way");
    assert_eq!(store.next_due_at_ms(&[]).await.expect("no time"), None);

    let (delivery, attempts) = store.stored_delivery(id).await.expect("it is there");
    assert_eq!(
        (
            delivery.status,
            delivery.http_status,
            delivery.attempts_counted,
            delivery.error
        ),
        (DeliveryStatus::Delivered, Some(200), 2, None)
    );
    let statuses: Vec<_> = attempts.iter().map(|a| (a.n, a.status)).collect();
    assert_eq!(
        statuses,
        [(1, AttemptStatus::Failed), (2, AttemptStatus::Delivered)]
    );
    assert_eq!(
        attempts[0].sent.as_ref().map(|sent| sent.body.as_str()),
        Some("{}")
    );
    assert_eq!(
        attempts[0].answer.as_ref().map(|answer| answer.body_bytes),
        Some(6)
    );
    assert_eq!(attempts[0].timings.answer_ms, Some(119));
    let counts = store.delivery_counts(vec![job_id]).await.expect("counts");
    assert_eq!((counts[&job_id].total, counts[&job_id].delivered), (1, 1));
    let page = store
        .deliveries(DeliveryFilter::default(), None, 10)
        .await
        .expect("a page");
    assert!(
        page.items[0]
            .1
            .iter()
            .all(|a| a.sent.is_none() && a.answer.is_none())
    );
}

#[tokio::test]
async fn an_attempt_that_nobody_began_cannot_end() {
    let (fixture, ..) = with_deliveries(&["tell"]).await;
    let result = fixture
        .store
        .end(end(delivery_id(1), DeliveryStatus::Delivered, None))
        .await;
    assert!(result.is_err());
    let (delivery, attempts) = fixture
        .store
        .stored_delivery(delivery_id(1))
        .await
        .expect("there");
    assert_eq!(
        (delivery.status, attempts.len()),
        (DeliveryStatus::Pending, 0)
    );
}

#[tokio::test]
async fn a_busy_task_does_not_hide_the_deliveries_of_others() {
    let (fixture, _, tell) = with_deliveries(&["tell", "tell", "other"]).await;
    assert_eq!(due(&fixture, NOW_MS, &[]).await.len(), 3);
    assert_eq!(due(&fixture, NOW_MS, &[tell]).await, [delivery_id(3)]);
    fixture
        .store
        .begin(vec![delivery_id(3)], NOW_MS)
        .await
        .expect("it is due");
    assert_eq!(
        fixture.store.next_due_at_ms(&[tell]).await.expect("none"),
        None
    );
    assert_eq!(
        fixture.store.next_due_at_ms(&[]).await.expect("some"),
        Some(NOW_MS)
    );
}

#[tokio::test]
async fn after_a_crash_an_attempt_is_interrupted_and_does_not_count() {
    let (fixture, ..) = with_deliveries(&["tell", "other"]).await;
    let id = delivery_id(1);
    fixture
        .store
        .begin(vec![id], NOW_MS)
        .await
        .expect("it is due");
    drop(fixture.store);
    let store = super::support::open(fixture.folder.path());
    assert_eq!(store.recover(NOW_MS + 9).await.expect("a count"), 1);
    assert_eq!(store.recover(NOW_MS + 9).await.expect("a count"), 0);
    let row = store.delivery(id).await.expect("it is there");
    assert_eq!(
        (row.status, row.attempts_counted, row.attempts_total),
        (DeliveryStatus::Waiting, 0, 1)
    );
    let (_, attempts) = store.stored_delivery(id).await.expect("it is there");
    assert_eq!(attempts[0].status, AttemptStatus::Interrupted);
    let due = store.due(NOW_MS + 9, 10, &[]).await.expect("a list");
    assert!(due.iter().any(|row| row.id == id), "{due:?}");
}

#[tokio::test]
async fn after_a_crash_nothing_waits_for_a_task_that_was_switched_off_meanwhile() {
    let (fixture, ..) = with_deliveries(&["tell"]).await;
    let (store, id) = (&fixture.store, delivery_id(1));
    store.resend(id, delivery_id(2), NOW_MS).await.expect("one");
    let both = vec![id, delivery_id(2)];
    store.begin(both, NOW_MS).await.expect("they are due");
    let off = store.set_task_enabled("orders", "tell", false, NOW_MS);
    off.await.expect("it is there");
    assert_eq!(store.recover(NOW_MS + 9).await.expect("a count"), 2);
    assert_eq!(
        due(&fixture, NOW_MS + 9, &[]).await,
        [delivery_id(2)],
        "only what a person sent once more"
    );
    let (delivery, attempts) = store.stored_delivery(id).await.expect("it is there");
    let code = delivery.error.map(|(error, _)| error.code);
    assert_eq!(
        (delivery.status, code.as_deref(), attempts[0].status),
        (
            DeliveryStatus::Canceled,
            Some("task_disabled"),
            AttemptStatus::Interrupted
        )
    );
}

#[tokio::test]
async fn an_answer_that_ends_the_task_cancels_what_waits_for_it() {
    let (fixture, _, tell) = with_deliveries(&["tell", "tell", "tell", "other"]).await;
    let store = &fixture.store;
    let (gone, under_way) = (delivery_id(1), delivery_id(2));
    store
        .begin(vec![gone, under_way], NOW_MS)
        .await
        .expect("they are due");
    let mut last = end(gone, DeliveryStatus::Failed, None);
    last.disable_task = Some(TaskDisable {
        task_id: tell,
        reason: "the receiver answered 410 Gone".to_owned(),
    });
    store.end(last).await.expect("it is under way");
    assert_eq!(due(&fixture, i64::MAX, &[]).await, [delivery_id(4)]);
    // One that was under way meanwhile is not tried again.
    store
        .end(end(under_way, DeliveryStatus::Waiting, Some(NOW_MS + 1)))
        .await
        .expect("under way");
    for n in [2, 3] {
        let (delivery, _) = store
            .stored_delivery(delivery_id(n))
            .await
            .expect("it is there");
        assert_eq!(delivery.status, DeliveryStatus::Canceled, "delivery {n}");
        assert!(delivery.task_disabled);
        assert_eq!(delivery.error.expect("a reason").0.code, "task_disabled");
    }
    let flow = store.flow("orders").await.expect("it is there");
    let task = flow
        .tasks
        .iter()
        .find(|task| task.id == tell)
        .expect("it stays");
    assert_eq!(
        task.disabled_reason.as_deref(),
        Some("the receiver answered 410 Gone")
    );
    assert_eq!(flow.version, Some(1), "no new version");
    assert_eq!(store.counts().deliveries_failed, 1);
    // The next job sends nothing to it.
    let job_id = fixture.job(7).await;
    store
        .commit(whole_life(job_id, vec![new_delivery(9, "tell")]))
        .await
        .expect("it is next");
    assert!(
        store
            .deliveries_of_job(job_id)
            .await
            .expect("a list")
            .is_empty()
    );
}

#[tokio::test]
async fn a_resend_is_a_new_delivery_that_a_disabled_task_does_not_keep_back() {
    let (fixture, job_id, _) = with_deliveries(&["tell"]).await;
    let store = &fixture.store;
    store
        .set_task_enabled("orders", "tell", false, NOW_MS)
        .await
        .expect("it is there");
    assert_eq!(
        store
            .begin(vec![delivery_id(1)], NOW_MS)
            .await
            .expect("no error"),
        []
    );
    store
        .resend(delivery_id(1), delivery_id(2), NOW_MS + 1)
        .await
        .expect("it is there");
    assert_eq!(
        store
            .begin(vec![delivery_id(2)], NOW_MS + 1)
            .await
            .expect("it is due"),
        [delivery_id(2)]
    );
    let later = Some(NOW_MS + 9);
    store
        .end(end(delivery_id(2), DeliveryStatus::Waiting, later))
        .await
        .expect("under way");
    let all = store.deliveries_of_job(job_id).await.expect("a list");
    assert_eq!(all[0].0.status, DeliveryStatus::Canceled);
    assert_eq!(all[1].0.status, DeliveryStatus::Waiting);
    assert_eq!(all[1].0.resend_of, Some(delivery_id(1)));
}

#[tokio::test]
async fn an_attempt_that_does_not_count_is_recorded_as_interrupted() {
    let (fixture, ..) = with_deliveries(&["tell"]).await;
    let (store, id) = (&fixture.store, delivery_id(1));
    store.begin(vec![id], NOW_MS).await.expect("it is due");
    let mut postponed = end(id, DeliveryStatus::Waiting, Some(NOW_MS + 9));
    postponed.counts = false;
    postponed.sent = None;
    postponed.result.http_status = None;
    store.end(postponed).await.expect("it is under way");
    let (delivery, attempts) = store.stored_delivery(id).await.expect("it is there");
    assert_eq!((delivery.attempts_counted, delivery.attempts_total), (0, 1));
    assert_eq!(attempts[0].status, AttemptStatus::Interrupted);
    assert!(attempts[0].error.is_some(), "with its reason");
}
