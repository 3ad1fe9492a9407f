//! Lists at a million jobs; run by hand, because it fills a gigabyte: `cargo test -p hookloom-store --lib million -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use hookloom_model::{DeliveryStatus, JobStatus, Verdict};

use super::support::{Fixture, folder_in_memory, open};
use crate::{DeliveryFilter, JobFilter, RequestFilter, Store};

/// Jobs with requests and deliveries, most of them complete and delivered.
async fn fill(store: &Store, from: i64, to: i64) {
    store
        .write("fill", move |tx| {
            tx.execute_batch(&format!(
                "CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS
                    (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT i FROM n;
                INSERT INTO jobs (request_id, flow_id, version, status, trigger, trigger_name,
                    queued_at_ms, next_seq)
                SELECT randomblob(16), 1, 1, iif(i % 1000 = 0, 'failed', 'complete'), 'endpoint',
                    'in', i, 3 FROM n;
                INSERT INTO requests (id, at_ms, endpoint, flow_id, method, path, remote_address,
                    verdict, status, job_id, body_bytes, headers, body)
                SELECT randomblob(16), i, 'in', 1, 'POST', '/', '::1',
                    iif(i % 1000 = 0, 'rejected', 'accepted'), 200, i, 100, '[]', randomblob(100)
                FROM n;
                INSERT INTO deliveries (id, job_id, flow_id, version, task_id, task, event, status,
                    method, url, validate_ssl, attempts_max, created_at_ms)
                SELECT randomblob(16), i, 1, 1, 1, 'tell', 'job_finished',
                    iif(i % 1000 = 0, 'failed', 'delivered'), 'POST', 'https://a.example', 1, 8, i
                FROM n;
                DROP TABLE n;"
            ))?;
            Ok(())
        })
        .await
        .expect("there is room");
}

/// The slowest first page of any list, each as the best of a few.
async fn slowest_page(store: &Store) -> (Duration, String) {
    let mut slowest = (Duration::ZERO, String::new());
    for flow in [None, Some("orders".to_owned())] {
        for status in [None, Some(JobStatus::Failed), Some(JobStatus::Running)] {
            let filter = JobFilter {
                flow: flow.clone(),
                status,
            };
            let list = || store.jobs(filter.clone(), None, 50);
            slowest = slowest.max((best(list).await, format!("{filter:?}")));
        }
        for verdict in [None, Some(Verdict::Rejected), Some(Verdict::Accepted)] {
            let filter = RequestFilter {
                flow: flow.clone(),
                endpoint: None,
                verdict,
            };
            let list = || store.requests(filter.clone(), None, 50);
            slowest = slowest.max((best(list).await, format!("{filter:?}")));
        }
        for status in [None, Some(DeliveryStatus::Failed)] {
            let filter = DeliveryFilter {
                flow: flow.clone(),
                status,
                job: None,
            };
            let list = || store.deliveries(filter.clone(), None, 50);
            slowest = slowest.max((best(list).await, format!("{filter:?}")));
        }
    }
    slowest
}

async fn best<T, F>(list: impl Fn() -> F) -> Duration
where
    F: Future<Output = Result<T, crate::Error>>,
{
    let mut best = Duration::MAX;
    for _ in 0..9 {
        let began = Instant::now();
        list().await.expect("a page");
        best = best.min(began.elapsed());
    }
    best
}

#[tokio::test]
#[ignore = "fills a gigabyte"]
#[expect(clippy::print_stdout, reason = "it is run for its figures")]
async fn any_first_page_takes_about_as_long_at_a_million_jobs_as_at_fifty_thousand() {
    let fixture = Fixture::new().await;
    fill(&fixture.store, 1, 50_000).await;
    let few = slowest_page(&fixture.store).await;
    fill(&fixture.store, 50_001, 1_000_000).await;
    let many = slowest_page(&fixture.store).await;
    println!("slowest first page: {few:?} at 50,000 jobs, {many:?} at 1,000,000");
    drop(fixture.store);
    let began = Instant::now();
    let store = open(fixture.folder.path());
    let opened = began.elapsed();
    println!("opened in {opened:?}");
    drop(store);
    assert!(
        many.0 <= few.0 * 2 + Duration::from_millis(2),
        "{few:?}, {many:?}"
    );
    assert!(many.0 < Duration::from_millis(50), "{many:?}");
    assert!(opened < Duration::from_millis(150), "{opened:?}");
}

/// Ended jobs, spread over a day.
async fn fill_a_day(store: &Store, jobs: i64) {
    store
        .write("fill a day", move |tx| {
            tx.execute_batch(&format!(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {jobs})
                INSERT INTO jobs (request_id, flow_id, version, status, trigger, trigger_name,
                    queued_at_ms, started_at_ms, ended_at_ms, next_seq)
                SELECT randomblob(16), 1 + i % 5, 1, iif(i % 100 = 0, 'failed', 'complete'),
                    'endpoint', 'in', {DAY_BEGIN_MS} + i * 86400000 / {jobs},
                    {DAY_BEGIN_MS} + i * 86400000 / {jobs},
                    {DAY_BEGIN_MS} + i * 86400000 / {jobs} + i % 5000, 3 FROM n;"
            ))?;
            Ok(())
        })
        .await
        .expect("there is room");
}

const DAY_BEGIN_MS: i64 = 1_795_219_200_000;

#[tokio::test]
#[ignore = "fills hundreds of megabytes"]
#[expect(clippy::print_stdout, reason = "it is run for its figures")]
async fn a_day_of_a_million_jobs_is_counted_in_pieces_and_read_at_once() {
    let folder = folder_in_memory();
    let store = open(folder.path());
    fill_a_day(&store, 1_000_000).await;
    let now_ms = DAY_BEGIN_MS + 86_400_000;
    let began = Instant::now();
    let (mut pieces, mut longest) = (0, Duration::ZERO);
    loop {
        let piece = Instant::now();
        let is_more = store.roll_up(now_ms).await.expect("it is open");
        longest = longest.max(piece.elapsed());
        pieces += 1;
        if !is_more {
            break;
        }
    }
    let all = began.elapsed();
    let read = || store.rollup(DAY_BEGIN_MS, now_ms + 60_000, None);
    let day = best(read).await;
    let idle = best(|| store.roll_up(now_ms)).await;
    println!(
        "counted {pieces} pieces in {all:?}, the longest {longest:?}; a day read in {day:?}; an idle look {idle:?}"
    );
    let rows = read().await.expect("it is open");
    let ended: u64 = rows
        .iter()
        .map(|row| row.jobs.complete + row.jobs.failed)
        .sum();
    assert_eq!(ended, 1_000_000);
    assert!(day < Duration::from_millis(500) && idle < Duration::from_millis(20));
}
