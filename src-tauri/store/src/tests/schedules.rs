//! Schedules: which times are done, and the jobs that begin with them.

use hookloom_engine::ports::{Accepted, Arrival, DueSchedule, Inbox, PassedSchedule, Schedules};
use hookloom_model::FlowState;

use super::support::{Fixture, NOW_MS, open, start};

const SCHEDULED: &str = r#"{"name": "orders", "schedules": [
    {"name": "nightly", "cron": "0 2 * * *"}, {"name": "off", "cron": "0 3 * * *", "enabled": false}]}"#;

async fn publish(fixture: &Fixture, document: &str, at_ms: i64) -> i64 {
    let store = &fixture.store;
    let draft = store.import_flow("orders", document, at_ms).await;
    draft.expect("the draft is taken");
    let flow = store.flow("orders").await.expect("it is there");
    let published = store.publish_flow("orders", &flow.draft_etag, None, at_ms);
    published.await.expect("nothing is in the way")
}

async fn scheduled() -> (Fixture, i64) {
    let fixture = Fixture::new().await;
    let version = publish(&fixture, SCHEDULED, NOW_MS).await;
    (fixture, version)
}

fn due(fixture: &Fixture, version: i64, n: u64, due_at_ms: i64) -> Arrival {
    let mut start = start(fixture.flow_id, n);
    start.version = version;
    start.origin.schedule = Some(DueSchedule {
        name: "nightly".to_owned(),
        due_at_ms,
        missed: 2,
    });
    Arrival {
        record: None,
        idempotency_key: None,
        start: Some(start),
    }
}

async fn done_until(fixture: &Fixture) -> Vec<(String, i64)> {
    let live = fixture.store.live().await.expect("it can be read");
    live.into_iter()
        .map(|live| (live.name, live.done_until_ms))
        .collect()
}

#[tokio::test]
async fn a_time_begins_one_job_however_often_it_is_offered_and_also_after_a_restart() {
    let (fixture, version) = scheduled().await;
    let at_ms = NOW_MS + 1_000;
    let offers = (1..20).map(|n| fixture.store.accept(due(&fixture, version, n, at_ms)));
    let mut begun = Vec::new();
    for offer in futures::future::join_all(offers).await {
        if let Accepted::Started { job_id } = offer.expect("there is room") {
            begun.push(job_id);
        }
    }
    assert_eq!(begun.len(), 1);
    let rows = fixture
        .store
        .schedules_of_flow(fixture.flow_id)
        .await
        .expect("rows");
    assert_eq!(
        (rows[0].last_due_at_ms, rows[0].last_job_id),
        (Some(at_ms), Some(begun[0]))
    );
    assert_eq!(rows[0].missed_count, 2);
    let Fixture {
        store,
        folder,
        flow_id,
    } = fixture;
    drop(store);
    let fixture = Fixture {
        store: open(folder.path()),
        folder,
        flow_id,
    };
    let again = fixture
        .store
        .accept(due(&fixture, version, 30, at_ms))
        .await;
    assert_eq!(again.expect("there is room"), Accepted::Held);
    let next = fixture
        .store
        .accept(due(&fixture, version, 31, at_ms + 1))
        .await;
    assert!(matches!(next, Ok(Accepted::Started { .. })), "{next:?}");
}

#[tokio::test]
async fn nothing_begins_for_a_flow_that_is_not_live_or_has_another_version() {
    let (fixture, version) = scheduled().await;
    let older = fixture
        .store
        .accept(due(&fixture, version - 1, 1, NOW_MS + 1))
        .await;
    assert_eq!(older.expect("there is room"), Accepted::Held);
    let paused = fixture
        .store
        .set_flow_state("orders", FlowState::Paused, NOW_MS);
    paused.await.expect("it is published");
    assert!(done_until(&fixture).await.is_empty());
    let held = fixture
        .store
        .accept(due(&fixture, version, 2, NOW_MS + 1))
        .await;
    assert_eq!(held.expect("there is room"), Accepted::Held);
    // What passed meanwhile is no missed time.
    let live = fixture
        .store
        .set_flow_state("orders", FlowState::Live, NOW_MS + 5_000);
    live.await.expect("it is published");
    assert_eq!(
        done_until(&fixture).await,
        [("nightly".to_owned(), NOW_MS + 5_000)]
    );
}

#[tokio::test]
async fn publishing_starts_new_and_changed_schedules_from_now_and_keeps_the_others() {
    let (fixture, _) = scheduled().await;
    assert_eq!(done_until(&fixture).await, [("nightly".to_owned(), NOW_MS)]);
    let titled = SCHEDULED.replace(
        "\"name\": \"orders\",",
        "\"name\": \"orders\", \"title\": \"T\",",
    );
    publish(&fixture, &titled, NOW_MS + 1).await;
    assert_eq!(done_until(&fixture).await, [("nightly".to_owned(), NOW_MS)]);
    let changed = titled
        .replace("0 2 *", "0 4 *")
        .replace(", \"enabled\": false", "");
    publish(&fixture, &changed, NOW_MS + 2).await;
    let both = ["nightly", "off"].map(|name| (name.to_owned(), NOW_MS + 2));
    assert_eq!(done_until(&fixture).await, both);
    publish(&fixture, r#"{"name": "orders"}"#, NOW_MS + 3).await;
    assert!(done_until(&fixture).await.is_empty());
}

#[tokio::test]
async fn a_pass_moves_a_schedule_only_from_where_it_was() {
    let (fixture, _) = scheduled().await;
    let pass = |from_ms, until_ms| PassedSchedule {
        flow_id: fixture.flow_id,
        name: "nightly".to_owned(),
        from_ms,
        until_ms,
        missed: 1,
        at_ms: NOW_MS + 9,
    };
    for (from_ms, until_ms) in [(NOW_MS, NOW_MS + 5), (NOW_MS, NOW_MS + 7)] {
        fixture
            .store
            .pass(pass(from_ms, until_ms))
            .await
            .expect("it is written");
    }
    assert_eq!(
        done_until(&fixture).await,
        [("nightly".to_owned(), NOW_MS + 5)]
    );
    let rows = fixture
        .store
        .schedules_of_flow(fixture.flow_id)
        .await
        .expect("rows");
    assert_eq!(
        (rows[0].missed_count, rows[0].missed_at_ms),
        (1, Some(NOW_MS + 9))
    );
}
