//! Keeps the history within its bounds: every minute, a little at a time, until nothing is too old or too much.

use std::time::Duration;

use hookloom_engine::ports::Clock;
use hookloom_store::{Error, Old, Oldest, Retention, Store, Sweep};
use tokio_util::sync::CancellationToken;

/// How often the history is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// Between two pieces, so that others have the disk, too.
const PAUSE: Duration = Duration::from_millis(10);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Looks again and again until it is stopped.
pub(crate) async fn keep(store: Store, clock: impl Clock, stopping: CancellationToken) {
    let work = async {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = sweep(&store, &clock).await {
                tracing::warn!(%error, "old history stays for now; it is looked at again in a minute");
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
}

/// Deletes what is too old, then what is too much, and gives room back to the disk.
pub(crate) async fn sweep(store: &Store, clock: &impl Clock) -> Result<(), Error> {
    let Retention { days, bytes_max } = store.retention().await?;
    let mut deleted = 0;
    if let Some(days) = days {
        let until_ms = clock.now_ms() - i64::from(days) * DAY_MS;
        deleted += sweep_until(store, Old::EndedBy(until_ms), None).await?;
        while store.sweep_rollup(until_ms).await? {
            tokio::time::sleep(PAUSE).await;
        }
    }
    if let Some(bytes_max) = bytes_max {
        let mut pieces = 1;
        while is_too_much(store, bytes_max).await? {
            let Some(Oldest { until_ms, is_all }) = store.oldest_to_free(pieces).await? else {
                break;
            };
            match sweep_until(store, Old::CameBy(until_ms), Some(bytes_max)).await? {
                // What is left has not ended, or takes no room worth speaking of.
                0 if is_all => break,
                // The oldest have not ended; those behind them may have.
                0 => pieces *= 2,
                more => deleted += more,
            }
        }
    }
    while store.shrink_database().await? {
        tokio::time::sleep(PAUSE).await;
    }
    if deleted > 0 {
        tracing::info!(deleted, "old history was deleted");
    }
    Ok(())
}

/// Deletes what is old; with a bound only until the rest is within it.
async fn sweep_until(store: &Store, old: Old, bytes_max: Option<u64>) -> Result<u64, Error> {
    let mut sweep = Sweep::default();
    while !sweep.done {
        sweep = store.sweep_history(sweep, old).await?;
        tokio::time::sleep(PAUSE).await;
        if let Some(bytes_max) = bytes_max
            && !is_too_much(store, bytes_max).await?
        {
            break;
        }
    }
    Ok(sweep.deleted)
}

async fn is_too_much(store: &Store, bytes_max: u64) -> Result<bool, Error> {
    let used = store.storage_used().await?;
    Ok(used.database_bytes + used.files_bytes > bytes_max)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use hookloom_engine::ports::{Arrival, Inbox, JobStart, Origin};
    use hookloom_model::journal::Event;
    use hookloom_model::request::RequestRecord;
    use hookloom_model::{FlowId, RequestId, TriggerKind, Verdict};
    use hookloom_store::{RequestFilter, StoreOptions};

    use super::*;

    const BEGIN_MS: i64 = 1_795_306_812_000;
    const BODY_BYTES: usize = 16 * 1024;

    struct At(i64);

    #[async_trait]
    impl Clock for At {
        fn now_ms(&self) -> i64 {
            self.0
        }

        async fn sleep_until_ms(&self, _at_ms: i64) {}
    }

    /// One held request a minute.
    async fn fill(store: &Store, count: u16) {
        for n in 0..count {
            let at_ms = BEGIN_MS + i64::from(n) * 60_000;
            let mut random = [0; 10];
            random[8..].copy_from_slice(&n.to_be_bytes());
            let record = RequestRecord {
                id: RequestId::new(at_ms, random),
                at_ms,
                endpoint: "in".to_owned(),
                flow_id: FlowId(1),
                method: "POST".to_owned(),
                path: "/".to_owned(),
                remote_address: "127.0.0.1".to_owned(),
                headers: Vec::new(),
                sealed_headers: None,
                way: None,
                body: vec![b'x'; BODY_BYTES],
                files: Vec::new(),
                body_bytes: BODY_BYTES as u64,
                body_sha256: None,
                verdict: Verdict::Held,
                status: 200,
                reason: None,
            };
            let arrival = Arrival {
                record: Some(record),
                idempotency_key: None,
                start: None,
            };
            store.accept(arrival).await.expect("there is room");
        }
    }

    async fn newest(store: &Store) -> Vec<i64> {
        let page = store.requests(RequestFilter::default(), None, 500).await;
        let rows = page.expect("it is open").items;
        rows.into_iter().map(|row| row.at_ms).collect()
    }

    #[tokio::test]
    async fn what_is_too_old_goes_and_what_is_not_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
        fill(&store, 30).await;
        let retention = Retention {
            days: Some(2),
            bytes_max: None,
        };
        store.set_retention(retention).await.expect("there is room");
        let now_ms = BEGIN_MS + 2 * DAY_MS + 10 * 60_000;
        sweep(&store, &At(now_ms)).await.expect("there is room");
        let left = newest(&store).await;
        assert_eq!(left.len(), 19, "{left:?}");
        assert_eq!(left.last(), Some(&(BEGIN_MS + 11 * 60_000)));
    }

    /// Jobs that nobody runs, all come at once, before everything else.
    async fn begin(store: &Store, count: u16) {
        let created = store.create_flow("f", r#"{"name": "f"}"#, BEGIN_MS).await;
        created.expect("a new name");
        let etag = store.flow("f").await.expect("it was made").draft_etag;
        let published = store.publish_flow("f", &etag, None, BEGIN_MS).await;
        published.expect("nothing is in the way");
        for n in 0..count {
            let mut random = [1; 10];
            random[8..].copy_from_slice(&n.to_be_bytes());
            let start = JobStart {
                request_id: RequestId::new(BEGIN_MS, random),
                flow_id: FlowId(1),
                version: 1,
                at_ms: BEGIN_MS - 1,
                queued: Event::JobQueued {
                    trigger: TriggerKind::Manual,
                    trigger_name: String::new(),
                    outputs: None,
                    input: None,
                    secret_state: Vec::new(),
                    depth: 0,
                },
                input_blob: None,
                secret_state: None,
                origin: Origin::default(),
            };
            let arrival = Arrival {
                record: None,
                idempotency_key: None,
                start: Some(start),
            };
            store.accept(arrival).await.expect("there is room");
        }
    }

    async fn is_held_within(store: &Store, bytes_max: u64) {
        let retention = Retention {
            days: None,
            bytes_max: Some(bytes_max),
        };
        store.set_retention(retention).await.expect("there is room");
        sweep(store, &At(BEGIN_MS)).await.expect("there is room");
        let used = store.storage_used().await.expect("it is open");
        assert!(used.database_bytes <= bytes_max, "{used:?}");
    }

    #[tokio::test]
    async fn jobs_that_have_not_ended_do_not_keep_what_came_after_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
        begin(&store, 60).await;
        fill(&store, 400).await;
        is_held_within(&store, 4_000_000).await;
        assert!(newest(&store).await.len() >= 50);
        assert_eq!(store.counts().jobs, 60);
    }

    #[tokio::test]
    async fn what_is_too_much_goes_the_oldest_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
        fill(&store, 400).await;
        is_held_within(&store, 4_000_000).await;
        let left = newest(&store).await;
        assert!((50..=240).contains(&left.len()), "{}", left.len());
        assert_eq!(left.first(), Some(&(BEGIN_MS + 399 * 60_000)));
    }
}
