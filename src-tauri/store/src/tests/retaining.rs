//! Old history goes, piece by piece, with everything that belongs to it; what has not ended stays.

use hookloom_engine::ports::{Accepted, Inbox, Journal, Outbox};
use hookloom_model::journal::Event;
use hookloom_model::{JobId, JobStatus, Verdict};

use super::delivering::end;
use super::replays::replaying;
use super::support::{
    Fixture, NOW_MS, arrival, commit, delivery_id, entry, new_delivery, record, whole_life,
};
use crate::table::requests::BODY_INLINE_BYTES_MAX;
use crate::{Old, Oldest, Retention, Sweep};

/// Every event of these tests is before.
const LATER_MS: i64 = NOW_MS + 60_000;
const HISTORY: [&str; 8] = [
    "jobs",
    "journal",
    "requests",
    "deliveries",
    "delivery_attempts",
    "blobs",
    "rejection_counts",
    "files",
];

async fn rows(fixture: &Fixture) -> Vec<(&'static str, i64)> {
    let counted = fixture.store.read(|conn| {
        let count = |table: &&'static str| {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            let count: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
            Ok((*table, count))
        };
        HISTORY.iter().map(count).collect()
    });
    counted.await.expect("they are there")
}

async fn sweep_all(fixture: &Fixture, until_ms: i64) -> (u64, u32) {
    let (mut sweep, mut pieces) = (Sweep::default(), 0);
    while !sweep.done {
        let swept = fixture
            .store
            .sweep_history(sweep, Old::EndedBy(until_ms))
            .await;
        sweep = swept.expect("there is room");
        pieces += 1;
        assert!(pieces < 100, "it never ends: {sweep:?}");
    }
    (sweep.deleted, pieces)
}

/// A job with everything that a job can leave behind.
async fn rich_job(fixture: &Fixture, n: u64) -> JobId {
    let mut arrival = arrival(fixture.flow_id, n);
    if let Some(record) = &mut arrival.record {
        record.body = vec![b'x'; BODY_INLINE_BYTES_MAX + 1];
    }
    let request_id = arrival.record.as_ref().expect("a request").id;
    let key = format!("{request_id}/input");
    if let Some(start) = &mut arrival.start {
        start.input_blob = Some((key, b"{}".to_vec()));
        start.secret_state = Some(b"sealed".to_vec());
    }
    let accepted = fixture.store.accept(arrival).await.expect("there is room");
    let Accepted::Started { job_id } = accepted else {
        panic!("{accepted:?}");
    };
    let mut life = whole_life(job_id, vec![new_delivery(n, "tell")]);
    life.blobs = vec![(format!("{job_id}/2/data"), b"[]".to_vec())];
    fixture.store.commit(life).await.expect("it is next");
    let id = delivery_id(n);
    let begun = fixture.store.begin(vec![id], NOW_MS + 5).await;
    begun.expect("it is due");
    let end = end(id, hookloom_model::DeliveryStatus::Delivered, None);
    fixture.store.end(end).await.expect("it began");
    job_id
}

#[tokio::test]
async fn a_job_goes_with_everything_that_belongs_to_it() {
    let fixture = Fixture::new().await;
    let empty = rows(&fixture).await;
    for n in 1..=3 {
        rich_job(&fixture, n).await;
    }
    let full = rows(&fixture).await;
    for table in ["jobs", "deliveries", "delivery_attempts", "requests"] {
        assert!(full.contains(&(table, 3)), "{full:?}");
    }
    assert_eq!(sweep_all(&fixture, NOW_MS - 1).await.0, 0, "nothing is old");
    assert_eq!(rows(&fixture).await, full);
    assert_eq!(
        sweep_all(&fixture, LATER_MS).await.0,
        6,
        "three jobs, three requests"
    );
    assert_eq!(rows(&fixture).await, empty);
    let counts = fixture.store.counts();
    assert_eq!((counts.jobs, counts.requests, counts.deliveries), (0, 0, 0));
}

/// A job that came at a time and ended two milliseconds after [`NOW_MS`].
async fn job_of(fixture: &Fixture, n: u64, at_ms: i64) -> JobId {
    let mut sent = fixture.arrival(n);
    if let (Some(record), Some(start)) = (&mut sent.record, &mut sent.start) {
        (record.at_ms, start.at_ms) = (at_ms, at_ms);
    }
    let accepted = fixture.store.accept(sent).await.expect("there is room");
    let Accepted::Started { job_id } = accepted else {
        panic!("{accepted:?}");
    };
    let life = whole_life(job_id, Vec::new());
    fixture.store.commit(life).await.expect("it is next");
    job_id
}

#[tokio::test]
async fn room_is_made_by_what_came_first_whenever_it_ended() {
    let fixture = Fixture::new().await;
    let open = fixture.job(1).await;
    for n in 2..=120 {
        job_of(&fixture, n, NOW_MS).await;
    }
    let store = &fixture.store;
    let oldest = async |pieces| {
        let oldest = store.oldest_to_free(pieces).await;
        oldest.expect("it can be read").expect("there are some")
    };
    assert!(!oldest(1).await.is_all && !oldest(2).await.is_all);
    let Oldest { until_ms, is_all } = oldest(4).await;
    assert_eq!((until_ms, is_all), (NOW_MS, true));
    let sweep = async |old| {
        let mut sweep = Sweep::default();
        while !sweep.done {
            let swept = store.sweep_history(sweep, old).await;
            sweep = swept.expect("there is room");
        }
        sweep.deleted
    };
    assert_eq!(sweep(Old::EndedBy(NOW_MS)).await, 0, "they ended later");
    assert_eq!(sweep(Old::CameBy(NOW_MS)).await, 2 * 119);
    assert!(fixture.store.job(open).await.is_ok(), "it has not ended");
}

#[tokio::test]
async fn a_job_that_came_under_a_wrong_clock_holds_no_other_back() {
    let fixture = Fixture::new().await;
    let later = job_of(&fixture, 1, LATER_MS + 1).await;
    job_of(&fixture, 2, NOW_MS).await;
    assert_eq!(
        sweep_all(&fixture, LATER_MS).await.0,
        2,
        "a job and its request"
    );
    assert!(fixture.store.job(later).await.is_ok());
}

#[tokio::test]
async fn values_of_another_job_whose_number_begins_alike_stay() {
    let fixture = Fixture::new().await;
    let first = rich_job(&fixture, 1).await;
    assert_eq!(first, JobId(1));
    for n in 2..=11 {
        let job_id = fixture.job(n).await;
        let mut open = commit(
            job_id,
            JobStatus::Running,
            vec![entry(1, Event::JobStarted {})],
        );
        open.blobs = vec![(format!("{job_id}/1/data"), b"[]".to_vec())];
        fixture.store.commit(open).await.expect("it is next");
    }
    sweep_all(&fixture, LATER_MS).await;
    for id in ["10/1/data", "11/1/data"] {
        assert!(fixture.store.blob(id).await.is_ok(), "{id}");
    }
    assert!(fixture.store.blob("1/2/data").await.is_err());
}

#[tokio::test]
async fn what_has_not_ended_stays_with_its_request() {
    let fixture = Fixture::new().await;
    let running = fixture.job(1).await;
    let undelivered = fixture.job(2).await;
    let waits = whole_life(undelivered, vec![new_delivery(2, "tell")]);
    fixture.store.commit(waits).await.expect("it is next");
    let ended = fixture.job(3).await;
    fixture
        .store
        .commit(whole_life(ended, Vec::new()))
        .await
        .expect("it is next");
    sweep_all(&fixture, LATER_MS).await;
    for (job, stays) in [(running, true), (undelivered, true), (ended, false)] {
        assert_eq!(fixture.store.job(job).await.is_ok(), stays, "{job}");
        assert_eq!(fixture.store.load(job).await.is_ok(), stays, "{job}");
    }
    assert!(rows(&fixture).await.contains(&("requests", 2)));
}

#[tokio::test]
async fn the_request_that_a_kept_job_runs_again_stays_until_that_job_goes() {
    let fixture = Fixture::new().await;
    rich_job(&fixture, 1).await;
    let replay = replaying(&fixture, 2, 1);
    let accepted = fixture.store.accept(replay).await.expect("there is room");
    let Accepted::Started { job_id } = accepted else {
        panic!("{accepted:?}");
    };
    let before = fixture.store.load(job_id).await.expect("it is there");
    assert!(before.request.is_some());
    sweep_all(&fixture, LATER_MS).await;
    let kept = fixture.store.load(job_id).await.expect("it has not ended");
    assert_eq!(
        kept.request.map(|request| request.record),
        before.request.map(|request| request.record)
    );
    let mut end = whole_life(job_id, Vec::new());
    for entry in &mut end.entries {
        entry.seq += 1;
    }
    fixture.store.commit(end).await.expect("it is next");
    sweep_all(&fixture, LATER_MS).await;
    assert!(rows(&fixture).await.contains(&("requests", 0)));
}

#[tokio::test]
async fn a_long_history_goes_in_pieces_that_each_end_soon() {
    let fixture = Fixture::new().await;
    for n in 1..=120 {
        let job = fixture.job(n).await;
        let life = whole_life(job, Vec::new());
        fixture.store.commit(life).await.expect("it is next");
    }
    let held = record(fixture.flow_id, 500, Verdict::Held);
    let held = hookloom_engine::ports::Arrival {
        record: Some(held),
        idempotency_key: None,
        start: None,
    };
    fixture.store.accept(held).await.expect("there is room");
    let one = fixture
        .store
        .sweep_history(Sweep::default(), Old::EndedBy(LATER_MS))
        .await
        .expect("there is room");
    assert!(!one.done && one.deleted <= 50, "{one:?}");
    let (deleted, pieces) = sweep_all(&fixture, LATER_MS).await;
    assert_eq!(one.deleted + deleted, 120 + 121);
    assert!(pieces >= 3, "{pieces}");
}

#[tokio::test]
async fn room_that_became_free_goes_back_to_the_disk() {
    let fixture = Fixture::new().await;
    let job = fixture.job(1).await;
    let mut life = whole_life(job, Vec::new());
    let large = vec![b'x'; 4 * 1024 * 1024];
    life.blobs = vec![(format!("{job}/2/data"), large)];
    fixture.store.commit(life).await.expect("it is next");
    let before = fixture.store.storage_used().await.expect("it is open");
    assert!(before.database_bytes > 4 * 1024 * 1024, "{before:?}");
    assert_eq!(before.oldest_at_ms, Some(NOW_MS));
    sweep_all(&fixture, LATER_MS).await;
    let freed = fixture.store.storage_used().await.expect("it is open");
    assert!(freed.free_bytes > 4 * 1024 * 1024, "{freed:?}");
    let mut pieces = 0;
    while fixture
        .store
        .shrink_database()
        .await
        .expect("there is room")
    {
        pieces += 1;
    }
    assert!(pieces > 2, "{pieces}");
    let shrunk = fixture.store.storage_used().await.expect("it is open");
    assert!(shrunk.free_bytes < 1024 * 1024, "{shrunk:?}");
    assert_eq!(shrunk.oldest_at_ms, None);
}

#[tokio::test]
async fn the_setting_is_kept_and_has_a_default() {
    let fixture = Fixture::new().await;
    assert_eq!(
        fixture.store.retention().await.expect("open"),
        Retention::default()
    );
    let other = Retention {
        days: None,
        bytes_max: Some(7_000_000),
    };
    fixture
        .store
        .set_retention(other)
        .await
        .expect("there is room");
    assert_eq!(fixture.store.retention().await.expect("open"), other);
}
