//! Requests become jobs: keys, duplicates, held ones, secret state.

use hookloom_engine::Begun;
use hookloom_engine::ports::{Accepted, Answered, Inbox, Journal};
use hookloom_model::request::Reason;
use hookloom_model::{JobStatus, TriggerKind, Verdict};

use super::support::{Fixture, NOW_MS, record, request_id};
use crate::rejected::REJECTED_KEPT_PER_MINUTE_MAX;
use crate::table::idempotency_keys::{self, IDEMPOTENCY_KEPT_MS};
use crate::table::requests::BODY_INLINE_BYTES_MAX;
use crate::{RequestFilter, Tag};

#[tokio::test]
async fn an_accepted_request_is_there_with_its_job_and_first_event() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let job = fixture.store.job(job_id).await.expect("it was accepted");
    assert_eq!(
        (job.status, job.trigger, job.next_seq),
        (JobStatus::Queued, TriggerKind::Endpoint, 1)
    );
    assert_eq!(job.flow_title.as_deref(), Some("Orders"));
    let stored = fixture.store.load(job_id).await.expect("it was accepted");
    assert_eq!(stored.entries.len(), 1);
    let request = stored.request.expect("a request began it");
    assert_eq!(request.job_id, Some(job_id));
    assert_eq!(
        request.record,
        record(fixture.flow_id, 1, Verdict::Accepted)
    );
}

#[tokio::test]
async fn a_job_that_is_handed_over_is_the_job_that_is_read_back() {
    let fixture = Fixture::new().await;
    let mut sealed = fixture.arrival(1);
    if let Some(start) = &mut sealed.start {
        start.secret_state = Some(b"sealed".to_vec());
    }
    let mut by_hand = fixture.arrival(2);
    by_hand.record = None;
    for arrival in [sealed, by_hand, fixture.arrival(3)] {
        let begun = Begun::of(&arrival);
        let accepted = fixture.store.accept(arrival).await.expect("there is room");
        let Accepted::Started { job_id } = accepted else {
            panic!("{accepted:?}");
        };
        let handed_over = begun.saved_as(job_id).into_job().expect("it is small");
        let read_back = fixture.store.load(job_id).await.expect("it was accepted");
        assert_eq!(handed_over, read_back);
    }
}

#[tokio::test]
async fn a_large_body_comes_back_whole_and_lists_do_not_read_it() {
    let fixture = Fixture::new().await;
    let mut arrival = fixture.arrival(1);
    let body = vec![b'x'; BODY_INLINE_BYTES_MAX + 1];
    if let Some(record) = &mut arrival.record {
        record.body.clone_from(&body);
    }
    fixture.store.accept(arrival).await.expect("there is room");
    let stored = fixture
        .store
        .request(request_id(1))
        .await
        .expect("it is there");
    assert!(
        stored.record.body == body,
        "{} bytes",
        stored.record.body.len()
    );
    let inline: bool = fixture
        .store
        .read(|conn| Ok(conn.query_row("SELECT body IS NOT NULL FROM requests", [], |r| r.get(0))?))
        .await
        .expect("one row");
    assert!(!inline);
}

#[tokio::test]
async fn parallel_requests_with_one_key_begin_one_job() {
    let fixture = Fixture::new().await;
    let calls = (0..100).map(|n| {
        let store = fixture.store.clone();
        let mut arrival = fixture.arrival(n);
        arrival.idempotency_key = Some("same".into());
        tokio::spawn(async move { store.accept(arrival).await.expect("there is room") })
    });
    let mut started = Vec::new();
    let mut repeated = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        match call.await.expect("no panic") {
            Accepted::Started { job_id } => started.push(job_id),
            Accepted::Duplicate { first, job_id, .. } => repeated.push((first, job_id)),
            Accepted::Held => panic!("the flow is live"),
        }
    }
    assert_eq!((started.len(), repeated.len()), (1, 99));
    let first = fixture
        .store
        .job(started[0])
        .await
        .expect("it began")
        .request_id;
    assert!(
        repeated
            .iter()
            .all(|repeat| *repeat == (first, Some(started[0])))
    );
    let filter = RequestFilter {
        verdict: Some(Verdict::Duplicate),
        ..RequestFilter::default()
    };
    let page = fixture
        .store
        .requests(filter, None, 500)
        .await
        .expect("a page");
    assert_eq!(page.items.len(), 99);
    let repeat = fixture
        .store
        .request(page.items[0].id)
        .await
        .expect("it is there");
    assert_eq!(repeat.duplicate_of, Some(first));
}

#[tokio::test]
async fn a_key_belongs_to_its_endpoint_and_lives_seven_days() {
    let fixture = Fixture::new().await;
    let keyed = |n, endpoint: &str, at_ms| {
        let mut arrival = fixture.arrival(n);
        arrival.idempotency_key = Some("k".into());
        if let (Some(record), Some(start)) = (&mut arrival.record, &mut arrival.start) {
            record.endpoint = endpoint.to_owned();
            start.at_ms = at_ms;
        }
        fixture.store.accept(arrival)
    };
    let is_new = |accepted| matches!(accepted, Ok(Accepted::Started { .. }));
    assert!(is_new(keyed(1, "in", NOW_MS).await));
    assert!(is_new(keyed(2, "other", NOW_MS).await));
    assert!(!is_new(
        keyed(3, "in", NOW_MS + IDEMPOTENCY_KEPT_MS - 1).await
    ));
    assert!(is_new(keyed(4, "in", NOW_MS + IDEMPOTENCY_KEPT_MS).await));
    assert!(!is_new(
        keyed(5, "in", NOW_MS + IDEMPOTENCY_KEPT_MS + 1).await
    ));
}

#[tokio::test]
async fn one_request_under_a_wrong_clock_costs_no_key() {
    let fixture = Fixture::new().await;
    let sent = |n, at_ms| {
        let mut sent = fixture.arrival(n);
        sent.idempotency_key = Some(format!("order-{n}").into());
        if let (Some(record), Some(start)) = (&mut sent.record, &mut sent.start) {
            (record.at_ms, start.at_ms) = (at_ms, at_ms);
        }
        fixture.store.accept(sent)
    };
    let delete = || {
        let deleted = fixture
            .store
            .write("sweep", |tx| idempotency_keys::delete_expired(tx, 10));
        async { deleted.await.expect("there is room") }
    };
    let far_ms = NOW_MS + 2 * IDEMPOTENCY_KEPT_MS;
    for (n, at_ms) in [(1, NOW_MS), (2, far_ms), (3, NOW_MS + 1)] {
        sent(n, at_ms).await.expect("there is room");
    }
    assert_eq!(delete().await, 0);
    for n in 4..=103 {
        sent(n, far_ms).await.expect("there is room");
    }
    assert_eq!(delete().await, 2, "that is the time");
}

#[tokio::test]
async fn a_request_without_a_start_is_held_and_its_repeat_knows_no_job() {
    let fixture = Fixture::new().await;
    let held = |n| {
        let mut arrival = fixture.arrival(n);
        arrival.idempotency_key = Some("k".into());
        arrival.start = None;
        arrival.record = Some(record(fixture.flow_id, n, Verdict::Held));
        fixture.store.accept(arrival)
    };
    assert_eq!(held(1).await.expect("there is room"), Accepted::Held);
    let repeat = Accepted::Duplicate {
        answered: Answered::default(),
        first: request_id(1),
        job_id: None,
    };
    assert_eq!(held(2).await.expect("there is room"), repeat);
    assert_eq!(fixture.store.counts().jobs, 0);
}

#[tokio::test]
async fn a_commit_tells_what_it_changed() {
    let fixture = Fixture::new().await;
    let mut changes = fixture.store.changes();
    let job_id = fixture.job(1).await;
    let change = changes.recv().await.expect("the store is open");
    for tag in [
        Tag::Jobs,
        Tag::Job(job_id),
        Tag::Requests,
        Tag::Request(request_id(1)),
    ] {
        assert!(change.tags.contains(&tag), "{tag:?} is not in {change:?}");
    }
}

#[tokio::test]
async fn a_flood_of_rejected_requests_keeps_sixty_and_counts_the_rest() {
    let fixture = Fixture::new().await;
    let flood = 5_000;
    for n in 0..flood {
        let mut rejected = record(fixture.flow_id, n, Verdict::Rejected);
        rejected.reason = Some(Reason {
            code: "wrong_key".to_owned(),
            message: "the key is wrong".to_owned(),
        });
        fixture.store.record_rejected(rejected);
    }
    // Closing writes what waits.
    drop(fixture.store);
    let store = super::support::open(fixture.folder.path());
    let filter = RequestFilter {
        verdict: Some(Verdict::Rejected),
        ..RequestFilter::default()
    };
    let kept = store
        .requests(filter, None, 500)
        .await
        .expect("a page")
        .items;
    assert_eq!(kept.len(), REJECTED_KEPT_PER_MINUTE_MAX as usize);
    let counted: i64 = store
        .rejection_counts(500)
        .await
        .expect("a list")
        .iter()
        .map(|group| group.count)
        .sum();
    assert_eq!(counted, i64::try_from(flood).expect("few") - 60);
}
