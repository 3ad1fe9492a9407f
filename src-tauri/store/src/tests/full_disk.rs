//! No room: writes fail cleanly, reads go on, what was answered stays, and writing goes on when there is room.

use hookloom_engine::ports::{Accepted, Inbox, InboxError, Journal, JournalError};
use hookloom_model::JobId;
use std::time::Duration;

use super::support::{Fixture, open, whole_life};
use crate::Store;

/// SQLite itself refuses to grow the file: the same error as a disk that is full.
async fn leave_room_for_pages(store: &Store, pages: i64) {
    store
        .write("limit", move |tx| {
            let have: i64 = tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            tx.pragma_update(None, "max_page_count", have + pages)?;
            Ok(())
        })
        .await
        .expect("no page is needed for it");
}

async fn stored_jobs(store: &Store) -> Vec<JobId> {
    store
        .read(|conn| {
            let mut statement = conn.prepare("SELECT id FROM jobs ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0).map(JobId))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
        .expect("reading needs no room")
}

#[tokio::test]
async fn a_full_disk_refuses_new_requests_and_keeps_what_was_answered() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    leave_room_for_pages(store, 12).await;
    let calls: Vec<_> = (0..600)
        .map(|n| {
            let store = store.clone();
            let mut arrival = fixture.arrival(n);
            if let Some(record) = &mut arrival.record {
                record.body = vec![b'x'; 600];
            }
            tokio::spawn(async move { store.accept(arrival).await })
        })
        .collect();
    let mut answered = Vec::new();
    let mut refused = 0;
    for call in calls {
        match call.await.expect("no panic") {
            Ok(Accepted::Started { job_id }) => answered.push(job_id),
            Err(InboxError::Unavailable { reason }) => {
                assert!(reason.contains("full"), "{reason}");
                refused += 1;
            }
            other => panic!("neither saved nor refused: {other:?}"),
        }
    }
    assert!(refused > 100, "the disk was full: {refused}");
    answered.sort_unstable();
    assert_eq!(
        stored_jobs(store).await,
        answered,
        "exactly what was answered"
    );

    leave_room_for_pages(store, 100_000).await;
    answered.push(fixture.job(9_999).await);
    let counts = store.counts();
    assert_eq!(counts.jobs, i64::try_from(answered.len()).expect("few"));
    drop(fixture.store);
    let store = open(fixture.folder.path());
    assert_eq!(stored_jobs(&store).await, answered);
    assert_eq!(store.counts(), counts);
}

#[tokio::test]
async fn a_commit_without_room_changes_nothing_and_can_be_made_again() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let job_id = fixture.job(1).await;
    leave_room_for_pages(store, 0).await;
    let mut large = whole_life(job_id, vec![]);
    large.blobs = vec![("large".to_owned(), vec![7; 100_000])];
    let error = store
        .commit(large.clone())
        .await
        .expect_err("there is no room");
    assert!(
        matches!(error, JournalError::Unavailable { .. }),
        "{error:?}"
    );
    assert_eq!(
        store.load(job_id).await.expect("it is there").entries.len(),
        1
    );
    leave_room_for_pages(store, 1_000).await;
    store.commit(large).await.expect("there is room");
    assert_eq!(
        store.blob("large").await.expect("it is there").len(),
        100_000
    );
}

#[tokio::test]
async fn a_full_disk_is_known_beforehand_until_there_is_room_though_nobody_writes() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    fixture.job(1).await;
    assert_eq!(store.unavailable(), None);
    leave_room_for_pages(store, 0).await;
    let mut large = fixture.arrival(2);
    if let Some(record) = &mut large.record {
        record.body = vec![b'x'; 200_000];
    }
    store.accept(large).await.expect_err("there is no room");
    // Several ticks: the probe looks, finds no room, and a write that only reads is no sign of any.
    tokio::time::sleep(Duration::from_millis(700)).await;
    store
        .write("reads", |tx| {
            Ok(tx.query_row("SELECT 1", [], |_| Ok(()))?)
        })
        .await
        .expect("nothing is written");
    let reason = store.unavailable().expect("the disk is still full");
    assert!(reason.contains("free some space"), "{reason}");

    leave_room_for_pages(store, 1_000).await;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if store.unavailable().is_none() && blobs(store).await == 0 {
            fixture.job(3).await;
            return;
        }
    }
    panic!("the probe did not find the room, or left something behind");
}

async fn blobs(store: &Store) -> i64 {
    let count =
        store.read(|conn| Ok(conn.query_row("SELECT COUNT(*) FROM blobs", [], |row| row.get(0))?));
    count.await.expect("reading needs no room")
}

#[tokio::test]
async fn a_panic_in_a_write_is_an_error_of_that_write_alone() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let panicking = store.write("panics", |tx| -> Result<(), crate::Error> {
        tx.execute("UPDATE flows SET updated_at_ms = 0", [])?;
        panic!("on purpose")
    });
    let (panicked, job_id) = tokio::join!(panicking, fixture.job(1));
    assert!(panicked.is_err());
    assert!(store.job(job_id).await.is_ok());
    assert_ne!(
        store
            .flow("orders")
            .await
            .expect("it is there")
            .updated_at_ms,
        0
    );
}
