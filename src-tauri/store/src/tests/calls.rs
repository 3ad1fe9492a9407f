//! Status URLs: one for each job, found by the hash of its token, swept a day after the job's end.

use std::time::Duration;

use hookloom_engine::ports::{
    Accepted, Calls, Inbox, Journal, JournalError, STATUS_URL_KEPT_MS, StatusUrl,
};
use hookloom_model::journal::Event;
use hookloom_model::request::Reason;
use hookloom_model::{JobId, JobStatus};

use super::support::{Fixture, NOW_MS, commit, entry, request_id};
use crate::retention::{Old, Sweep};
use crate::table::status_urls;

fn url(job_id: JobId, n: u8, at_ms: i64) -> StatusUrl {
    StatusUrl {
        job_id,
        sha256: [n; 32],
        sealed_token: vec![n],
        at_ms,
    }
}

/// The job starts and is complete.
async fn end(fixture: &Fixture, job: JobId) {
    let finished = Event::JobFinished {
        status: JobStatus::Complete,
        error: None,
    };
    let end = vec![entry(1, Event::JobStarted {}), entry(2, finished)];
    let end = commit(job, JobStatus::Complete, end);
    fixture.store.commit(end).await.expect("it fits");
}

#[tokio::test]
async fn a_repeat_of_a_request_whose_job_was_deleted_begins_nothing_and_may_have_a_reason() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let keyed = |n| {
        let mut arrival = fixture.arrival(n);
        arrival.idempotency_key = Some("order-1".to_owned().into());
        store.accept(arrival)
    };
    let first = keyed(1).await.expect("there is room");
    let Accepted::Started { job_id } = first else {
        panic!("{first:?}");
    };
    end(&fixture, job_id).await;
    let old = Old::EndedBy(NOW_MS + 10);
    let swept = store.sweep_history(Sweep::default(), old).await;
    assert_eq!(swept.expect("there is room").deleted, 2, "job and request");
    let again = keyed(2).await.expect("there is room");
    let Accepted::Duplicate {
        job_id: repeated, ..
    } = again
    else {
        panic!("{again:?}");
    };
    assert_eq!(repeated, Some(job_id));
    let gone = store.load(job_id).await;
    assert!(
        matches!(gone, Err(JournalError::NotFound { .. })),
        "{gone:?}"
    );
    let reason = Reason {
        code: "answer_gone".to_owned(),
        message: "the job was deleted".to_owned(),
    };
    store.note_reason(request_id(2), reason.clone());
    let noted = async {
        loop {
            let kept = Calls::request(store, request_id(2)).await.expect("a read");
            match kept.expect("it is on record").record.reason {
                None => tokio::task::yield_now().await,
                found => return found,
            }
        }
    };
    let noted = tokio::time::timeout(Duration::from_secs(10), noted).await;
    assert_eq!(noted.expect("it is noted soon"), Some(reason));
}

#[tokio::test]
async fn a_job_keeps_its_first_status_url() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let job = fixture.job(1).await;
    let first = url(job, 1, NOW_MS);
    let kept = store.keep_status_url(first.clone()).await.expect("room");
    assert_eq!(kept, first);
    let kept = store.keep_status_url(url(job, 2, NOW_MS)).await;
    assert_eq!(kept.expect("room"), first);
    let found = |sha256| async move { store.job_of_status_url(sha256).await.expect("a read") };
    assert_eq!(found([1; 32]).await, Some(job));
    assert_eq!(found([2; 32]).await, None, "the second one never was");
    assert_eq!(store.status_url_of(job).await.expect("a read"), Some(first));
}

#[tokio::test]
async fn a_status_url_is_swept_a_day_after_its_job_and_not_before_the_end() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let (ended, open, later) = (
        fixture.job(1).await,
        fixture.job(2).await,
        fixture.job(3).await,
    );
    end(&fixture, ended).await;
    for (job, n) in [(ended, 1), (open, 2)] {
        let kept = store.keep_status_url(url(job, n, NOW_MS)).await;
        kept.expect("room");
    }
    let sweep = || async move {
        let swept = store.write("sweep", |tx| status_urls::delete_expired(tx, 10));
        swept.await.expect("it can be written")
    };
    assert_eq!(sweep().await, 0, "nothing is old");
    // The newest one stands for the clock; the job ended two milliseconds after it began.
    let newest = url(later, 3, NOW_MS + 2 + STATUS_URL_KEPT_MS);
    store.keep_status_url(newest).await.expect("room");
    assert_eq!(sweep().await, 1);
    assert_eq!(store.status_url_of(ended).await.expect("a read"), None);
    assert!(store.status_url_of(open).await.expect("a read").is_some());
}
