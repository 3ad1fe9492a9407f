//! Pages of lists: each row once, in order, and no plan that reads more than the page.

use hookloom_engine::ports::Journal;
use hookloom_model::request::Reason;
use hookloom_model::{DeliveryStatus, FlowId, JobStatus, Verdict};

use super::support::{Fixture, NOW_MS, new_delivery, record, start, whole_life};
use crate::table::requests::{OTHERS_SQL, RequestFilter, page_sql};
use crate::table::{deliveries, jobs};
use crate::{DeliveryFilter, JobFilter, Store};

/// How SQLite will run a statement, a line for each part.
async fn plan(store: &Store, sql: String) -> Vec<String> {
    store
        .read(move |conn| {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines = statement
                .raw_query()
                .mapped(|row| row.get(3))
                .collect::<Result<_, _>>()?;
            Ok(lines)
        })
        .await
        .expect("the statement is sound")
}

async fn assert_reads_only_its_page(store: &Store, sql: String) {
    for line in plan(store, sql.clone()).await {
        assert!(!line.starts_with("SCAN"), "{line} in {sql}");
        assert!(!line.contains("TEMP B-TREE"), "{line} in {sql}");
    }
}

#[tokio::test]
async fn no_list_scans_a_table_or_sorts() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    for sql in [
        jobs::page_sql(),
        jobs::IDS_BEFORE_SQL.to_owned(),
        jobs::IDS_AFTER_SQL.to_owned(),
        deliveries::page_sql(),
        deliveries::NUMBERS_BEFORE_SQL.to_owned(),
        deliveries::NEXT_OPEN_TASK_SQL.to_owned(),
        deliveries::NEXT_DUE_SQL.to_owned(),
        deliveries::due_sql(),
    ] {
        assert_reads_only_its_page(store, sql).await;
    }
    let verdicts = Verdict::ALL.iter().copied().map(Some).chain([None]);
    for verdict in verdicts {
        for flow_id in [None, Some(FlowId(1))] {
            for endpoint in [None, Some("in".to_owned())] {
                let filter = RequestFilter {
                    flow: None,
                    endpoint,
                    verdict,
                };
                assert_reads_only_its_page(store, page_sql(flow_id, &filter)).await;
            }
        }
    }
}

#[tokio::test]
async fn a_verdict_of_the_few_is_found_by_its_own_index() {
    let fixture = Fixture::new().await;
    for (flow_id, index) in [
        (None, "requests_by_verdict"),
        (Some(FlowId(1)), "requests_by_flow_verdict"),
    ] {
        let filter = RequestFilter {
            verdict: Some(Verdict::Rejected),
            ..RequestFilter::default()
        };
        let lines = plan(&fixture.store, page_sql(flow_id, &filter)).await;
        assert!(lines.iter().any(|line| line.contains(index)), "{lines:?}");
    }
}

/// 40 jobs of two flows, every third complete.
async fn two_flows() -> Fixture {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store
        .create_flow("other", r#"{"name": "other"}"#, NOW_MS)
        .await
        .expect("a new name");
    let other = store.flow("other").await.expect("it is there").id;
    for n in 0..40 {
        let mut arrival = fixture.arrival(n);
        if n % 2 == 1 {
            arrival.record = Some(record(other, n, Verdict::Accepted));
            arrival.start = Some(start(other, n));
        }
        hookloom_engine::ports::Inbox::accept(store, arrival)
            .await
            .expect("there is room");
    }
    for page in store
        .jobs(JobFilter::default(), None, 500)
        .await
        .expect("a page")
        .items
    {
        if page.id.0 % 3 == 0 {
            store
                .commit(whole_life(page.id, vec![]))
                .await
                .expect("it is next");
        }
    }
    fixture
}

async fn all_jobs(store: &Store, filter: JobFilter, limit: u32) -> Vec<i64> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let page = store
            .jobs(filter.clone(), before, limit)
            .await
            .expect("a page");
        assert!(page.items.len() <= limit as usize);
        found.extend(page.items.iter().map(|job| job.id.0));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn pages_of_jobs_give_each_row_once_and_newest_first() {
    let fixture = two_flows().await;
    for flow in [None, Some("orders"), Some("other"), Some("unknown")] {
        for status in [None, Some(JobStatus::Queued), Some(JobStatus::Complete)] {
            let expected: Vec<i64> = (1..=40)
                .rev()
                .filter(|id| match flow {
                    None => true,
                    Some("orders") => id % 2 == 1,
                    Some("other") => id % 2 == 0,
                    Some(_) => false,
                })
                .filter(|id| status.is_none_or(|s| (s == JobStatus::Complete) == (id % 3 == 0)))
                .collect();
            let filter = JobFilter {
                flow: flow.map(str::to_owned),
                status,
            };
            for limit in [1, 7, 500] {
                let found = all_jobs(&fixture.store, filter.clone(), limit).await;
                assert_eq!(found, expected, "{filter:?} by {limit}");
            }
        }
    }
}

#[tokio::test]
async fn pages_of_requests_follow_their_filters() {
    let fixture = two_flows().await;
    let store = &fixture.store;
    let mut rejected = record(fixture.flow_id, 900, Verdict::Rejected);
    rejected.reason = Some(Reason {
        code: "wrong_key".to_owned(),
        message: "the key is wrong".to_owned(),
    });
    let put = rejected.clone();
    store
        .write("reject", move |tx| {
            crate::inbox::put_request(tx, &put, Verdict::Rejected, Default::default())
        })
        .await
        .expect("there is room");
    let count = async |flow: Option<&str>, verdict, endpoint: Option<&str>| {
        let filter = RequestFilter {
            flow: flow.map(str::to_owned),
            endpoint: endpoint.map(str::to_owned),
            verdict,
        };
        let mut found = 0;
        let mut before = None;
        loop {
            let page = store
                .requests(filter.clone(), before, 6)
                .await
                .expect("a page");
            found += page.items.len();
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    };
    assert_eq!(count(None, None, None).await, 41);
    assert_eq!(count(Some("orders"), None, None).await, 21);
    assert_eq!(
        count(Some("orders"), Some(Verdict::Rejected), None).await,
        1
    );
    assert_eq!(count(None, Some(Verdict::Rejected), Some("in")).await, 1);
    assert_eq!(
        count(Some("other"), Some(Verdict::Accepted), Some("in")).await,
        20
    );
    assert_eq!(count(None, None, Some("unknown")).await, 0);
    assert_eq!(count(Some("unknown"), None, None).await, 0);
    let row = store.request_row(rejected.id).await.expect("it is there");
    assert_eq!((row.flow.as_str(), row.reason), ("orders", rejected.reason));
}

#[tokio::test]
async fn a_request_stands_where_it_arrived_though_it_was_stored_later() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    // (number, when it came), in the order in which they are stored.
    for (n, at_ms) in [(1, 10), (3, 30), (5, 30), (4, 30), (2, 20), (0, 5)] {
        let mut late = record(fixture.flow_id, n, Verdict::Rejected);
        late.at_ms = NOW_MS + at_ms;
        store
            .write("reject", move |tx| {
                crate::inbox::put_request(tx, &late, Verdict::Rejected, Default::default())
            })
            .await
            .expect("there is room");
    }
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let page = store
            .requests(RequestFilter::default(), before, 2)
            .await
            .expect("a page");
        found.extend(page.items.into_iter().map(|row| (row.id, row.at_ms)));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let listed = [(4, 30), (5, 30), (3, 30), (2, 20), (1, 10), (0, 5)].map(|(n, at_ms)| {
        (
            record(fixture.flow_id, n, Verdict::Rejected).id,
            NOW_MS + at_ms,
        )
    });
    assert_eq!(found, listed);
}

#[tokio::test]
async fn pages_of_deliveries_follow_their_filters() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    for n in 0..9 {
        let job_id = fixture.job(n).await;
        let new = vec![
            new_delivery(2 * n, "tell"),
            new_delivery(2 * n + 1, "other"),
        ];
        store
            .commit(whole_life(job_id, new))
            .await
            .expect("it is next");
    }
    store
        .set_task_enabled("orders", "tell", false, NOW_MS)
        .await
        .expect("it is there");
    let count = async |filter: DeliveryFilter| {
        let first = store
            .deliveries(filter.clone(), None, 5)
            .await
            .expect("a page");
        let rest = store
            .deliveries(filter, first.next, 500)
            .await
            .expect("a page");
        match first.next {
            Some(_) => first.items.len() + rest.items.len(),
            None => first.items.len(),
        }
    };
    let filter = |flow: Option<&str>, status, job| DeliveryFilter {
        flow: flow.map(str::to_owned),
        status,
        job,
    };
    let canceled = Some(DeliveryStatus::Canceled);
    assert_eq!(count(filter(None, None, None)).await, 18);
    assert_eq!(count(filter(None, canceled, None)).await, 9);
    assert_eq!(count(filter(Some("orders"), None, None)).await, 18);
    let job = Some(hookloom_model::JobId(3));
    assert_eq!(count(filter(None, None, job)).await, 2);
    assert_eq!(count(filter(Some("orders"), canceled, job)).await, 1);
    assert_eq!(count(filter(Some("unknown"), None, None)).await, 0);
}

#[tokio::test]
async fn counting_a_minute_reads_only_what_was_not_accepted_in_it() {
    let fixture = Fixture::new().await;
    let lines = plan(&fixture.store, OTHERS_SQL.to_owned()).await;
    let reads = "requests_by_verdict (verdict=? AND rowid>? AND rowid<?)";
    assert!(lines.iter().any(|line| line.contains(reads)), "{lines:#?}");
}
