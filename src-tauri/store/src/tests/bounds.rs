//! What is bounded stays bounded: the queue, the log, a read.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hookloom_engine::ports::{Inbox, InboxError};

use super::support::{Fixture, NOW_MS};
use crate::Error;
use crate::writer::QUEUE_BYTES_MAX;

/// Holds the writer until the flag is set.
async fn hold(fixture: &Fixture) -> (Arc<AtomicBool>, tokio::task::JoinHandle<()>) {
    let (began, go) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (store, told, waits) = (fixture.store.clone(), Arc::clone(&began), Arc::clone(&go));
    let held = tokio::spawn(async move {
        let write = store.write("hold", move |_| {
            told.store(true, Ordering::Release);
            while !waits.load(Ordering::Acquire) {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            Ok(())
        });
        write.await.expect("it does nothing");
    });
    while !began.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    (go, held)
}

#[tokio::test]
async fn a_queue_at_its_bound_refuses_requests_and_still_takes_the_jobs_of_others() {
    let fixture = Fixture::new().await;
    let (go, held) = hold(&fixture).await;
    let mut waiting = Vec::new();
    let refused = loop {
        let n = waiting.len() as u64;
        assert!(n < 10_000, "there is no bound");
        let mut call = Box::pin({
            let (store, arrival) = (fixture.store.clone(), fixture.arrival(n));
            async move { store.accept(arrival).await }
        });
        match futures::poll!(&mut call) {
            std::task::Poll::Ready(answer) => break answer,
            std::task::Poll::Pending => waiting.push(call),
        }
    };
    assert!(
        matches!(&refused, Err(InboxError::Unavailable { reason }) if reason.contains("QUEUE_ARRIVALS_MAX")),
        "{refused:?}"
    );
    let known = fixture.store.unavailable();
    assert!(
        known.is_some_and(|reason| reason.contains("QUEUE_ARRIVALS_MAX")),
        "it is known without trying"
    );
    let other = fixture.store.put_variable(None, "still", 1.into(), NOW_MS);
    go.store(true, Ordering::Release);
    other.await.expect("there is room for others");
    for call in waiting {
        call.await.expect("it waited, and was saved");
    }
    held.await.expect("no panic");
    assert_eq!(fixture.store.unavailable(), None);
}

#[tokio::test]
async fn bodies_that_wait_are_bounded_in_bytes() {
    let fixture = Fixture::new().await;
    let (go, held) = hold(&fixture).await;
    let large = |n| {
        let mut arrival = fixture.arrival(n);
        if let Some(record) = &mut arrival.record {
            record.body = vec![b'x'; QUEUE_BYTES_MAX / 2 + 1];
        }
        let store = fixture.store.clone();
        Box::pin(async move { store.accept(arrival).await })
    };
    let mut first = large(1);
    assert!(futures::poll!(&mut first).is_pending());
    let second = large(2).await;
    assert!(
        matches!(&second, Err(InboxError::Unavailable { reason }) if reason.contains("QUEUE_BYTES_MAX")),
        "{second:?}"
    );
    go.store(true, Ordering::Release);
    first.await.expect("it had room");
    held.await.expect("no panic");
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_free_the_connection_of_its_read() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let (go, goes) = std::sync::mpsc::channel::<()>();
    let goes = Arc::new(std::sync::Mutex::new(goes));
    for _ in 0..2 {
        let goes = Arc::clone(&goes);
        let mut read = Box::pin(store.read(move |_| {
            drop(goes.lock().map(|goes| goes.recv()));
            Ok(())
        }));
        assert!(futures::poll!(&mut read).is_pending());
        // Both connections are in use, and nobody waits for them any more.
        drop(read);
    }
    let mut next = Box::pin(store.flow("orders"));
    let early = tokio::time::timeout(std::time::Duration::from_millis(100), &mut next).await;
    assert!(early.is_err(), "it waits for a connection: {early:?}");
    drop(go);
    next.await.expect("a connection is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_snapshot_does_not_let_the_log_grow_without_end() {
    let fixture = Fixture::new().await;
    let store = fixture.store.clone();
    // A read that would take for ever.
    let reader = tokio::spawn(async move {
        store
            .read(|conn| {
                let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                    SELECT COUNT(*) FROM n, flows";
                Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            })
            .await
    });
    let log = fixture.folder.path().join("hookloom.db-wal");
    let mut longest = 0;
    for n in 0..280 {
        let put = fixture.store.write("large", move |tx| {
            crate::table::blobs::put(tx, &n.to_string(), &vec![7; 1024 * 1024])
        });
        put.await.expect("there is room");
        longest = longest.max(fs::metadata(&log).expect("the log is there").len());
    }
    let mib = 1024 * 1024;
    assert!(longest <= 256 * mib, "{} MiB", longest / mib);
    let read = reader.await.expect("no panic");
    assert!(matches!(read, Err(Error::ReadTooLong { .. })), "{read:?}");
}
