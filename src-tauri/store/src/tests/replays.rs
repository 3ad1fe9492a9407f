//! Jobs that take something over from an earlier one, and what no job can begin with any more.

use hookloom_engine::ports::{Accepted, Arrival, Inbox, InboxError, Journal, Origin};
use hookloom_model::Verdict;
use hookloom_model::journal::{Event, ValueRef};

use super::support::{DOCUMENT, Fixture, NOW_MS, record, request_id, start};

pub(super) fn replaying(fixture: &Fixture, n: u64, of: u64) -> Arrival {
    let mut start = start(fixture.flow_id, n);
    start.origin.taken_over = vec![Event::JobReplays {
        job: None,
        request: Some(request_id(of)),
    }];
    Arrival {
        record: None,
        idempotency_key: None,
        start: Some(start),
    }
}

#[tokio::test]
async fn a_replay_of_a_held_request_has_its_body_and_becomes_its_job() {
    let fixture = Fixture::new().await;
    let held = Arrival {
        record: Some(record(fixture.flow_id, 1, Verdict::Held)),
        idempotency_key: None,
        start: None,
    };
    let accepted = fixture.store.accept(held).await.expect("there is room");
    assert_eq!(accepted, Accepted::Held);
    let mut ids = Vec::new();
    for n in [2, 3] {
        let arrival = replaying(&fixture, n, 1);
        match fixture.store.accept(arrival).await.expect("there is room") {
            Accepted::Started { job_id } => ids.push(job_id),
            other => panic!("a replay begins a job, not {other:?}"),
        }
    }
    let stored = fixture.store.load(ids[1]).await.expect("it is there");
    assert_eq!(stored.request_id, request_id(3));
    assert_eq!(stored.entries.len(), 2);
    let request = stored.request.expect("the request that it runs again");
    assert_eq!(request.record, record(fixture.flow_id, 1, Verdict::Held));
    assert_eq!(request.job_id, Some(ids[0]), "the first replay is its job");
    let row = fixture.store.job(ids[1]).await.expect("it is there");
    assert_eq!(row.next_seq, 2);
    assert_eq!(row.replayed_request_id, Some(request_id(1)));
}

#[tokio::test]
async fn values_that_lie_apart_are_copied_and_one_that_is_gone_begins_nothing() {
    let fixture = Fixture::new().await;
    let mut first = start(fixture.flow_id, 1);
    first.input_blob = Some(("first/data".to_owned(), b"\"large\"".to_vec()));
    let mut second = start(fixture.flow_id, 2);
    second.origin = Origin {
        taken_over: vec![Event::StepCopied {
            step: "a".to_owned(),
            exit_code: "success".to_owned(),
            data: ValueRef::Blob {
                id: "second/data".to_owned(),
                bytes: 7,
            },
            error: None,
            memory: Default::default(),
            memory_removed: Vec::new(),
        }],
        copies: vec![("first/data".to_owned(), "second/data".to_owned())],
        ..Origin::default()
    };
    let mut third = second.clone();
    third.request_id = request_id(3);
    third.origin.copies = vec![("gone".to_owned(), "third/data".to_owned())];
    let begin = |start| Arrival {
        record: None,
        idempotency_key: None,
        start: Some(start),
    };
    for start in [first, second] {
        fixture.store.accept(begin(start)).await.expect("it begins");
    }
    let copy = fixture.store.blob("second/data").await.expect("a copy");
    assert_eq!(copy, b"\"large\"");
    let refused = fixture.store.accept(begin(third)).await;
    assert!(
        matches!(refused, Err(InboxError::Internal(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_flow_that_was_deleted_in_the_moment_of_a_request_gets_no_job() {
    let fixture = Fixture::new().await;
    let arrival = fixture.arrival(1);
    fixture
        .store
        .delete_flow("orders", NOW_MS)
        .await
        .expect("it has no jobs");
    let refused = fixture.store.accept(arrival).await;
    assert!(matches!(refused, Err(InboxError::FlowGone)), "{refused:?}");
    assert!(fixture.store.request(request_id(1)).await.is_err());
}

#[tokio::test]
async fn a_new_flow_under_the_name_of_a_deleted_one_does_not_answer_its_repeats() {
    let fixture = Fixture::new().await;
    let mut held = Arrival {
        record: Some(record(fixture.flow_id, 1, Verdict::Held)),
        idempotency_key: Some("same".into()),
        start: None,
    };
    fixture
        .store
        .accept(held.clone())
        .await
        .expect("it is recorded");
    let store = &fixture.store;
    store
        .delete_flow("orders", NOW_MS)
        .await
        .expect("it has no jobs");
    store
        .create_flow("orders", DOCUMENT, NOW_MS)
        .await
        .expect("the name is free");
    let new = store.flow("orders").await.expect("it was made");
    held.record = Some(record(new.id, 2, Verdict::Held));
    let accepted = store.accept(held).await.expect("there is room");
    assert_eq!(accepted, Accepted::Held);
}
