//! What is counted per minute is what the tables hold, whatever happened in whatever order, also over restarts.

use std::collections::BTreeMap;

use hookloom_engine::ports::{Accepted, Answered, Arrival, IdempotencyKey, Inbox, Journal};
use hookloom_model::document::Mode;
use hookloom_model::journal::Event;
use hookloom_model::request::{Reason, RequestRecord};
use hookloom_model::{FlowId, JobId, JobStatus, RequestId, TriggerKind, Verdict};
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

use super::support::{Fixture, NOW_MS, arrival, commit, entry, open, random, record, start};
use crate::table::rollup::{MINUTE_MS, RollupKey, minute_of};
use crate::{ROLLUP_KEPT_MS, Store};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Act {
    /// A request that begins a job.
    Accept { endpoint: u8, minute: i64 },
    /// One that begins none, perhaps long after it came.
    Other {
        endpoint: u8,
        minute: i64,
        verdict: u8,
    },
    /// A job that no request began.
    Manual { minute: i64, is_trial: bool },
    /// A job ends.
    End {
        job: usize,
        status: u8,
        took_ms: i64,
    },
    /// It is counted.
    Count,
    /// The process ends and begins again.
    Restart,
    /// It is counted from the beginning.
    Forget,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u8..2, 0i64..5).prop_map(|(endpoint, minute)| Act::Accept { endpoint, minute }),
        3 => (0u8..2, 0i64..50, 0u8..3).prop_map(|(endpoint, minute, verdict)| Act::Other { endpoint, minute, verdict }),
        2 => (0i64..5, any::<bool>()).prop_map(|(minute, is_trial)| Act::Manual { minute, is_trial }),
        4 => (0usize..20, 0u8..4, 0i64..100_000).prop_map(|(job, status, took_ms)| Act::End { job, status, took_ms }),
        3 => Just(Act::Count),
        1 => Just(Act::Restart),
        1 => Just(Act::Forget),
    ]
}

type Counts = BTreeMap<(i64, i64, String), [u64; 8]>;

/// By counting the tables.
fn plain(folder: &TempDir) -> Counts {
    let conn = Connection::open(folder.path().join(crate::DATABASE_FILE)).expect("it is there");
    let mut counts = Counts::new();
    let mut add = |sql: &str, of: &[&str]| {
        let mut statement = conn.prepare(sql).expect("plain SQL");
        let rows = statement.query_map([], |row| {
            let key: (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((key, row.get::<_, String>(3)?, row.get::<_, u64>(4)?))
        });
        for row in rows.expect("plain SQL") {
            let (key, name, count) = row.expect("a row");
            let at = of
                .iter()
                .position(|known| *known == name)
                .expect("a known name");
            counts.entry(key).or_default()[if of.len() == 4 && of[0] == "complete" {
                4 + at
            } else {
                at
            }] += count;
        }
    };
    add(
        "SELECT at_ms / 60000 * 60000, flow_id, endpoint, verdict, COUNT(*) FROM requests GROUP BY 1, 2, 3, 4",
        &["accepted", "rejected", "duplicate", "held"],
    );
    add(
        "SELECT ended_at_ms / 60000 * 60000, flow_id,
            CASE WHEN trigger = 'endpoint' THEN trigger_name ELSE '' END, status, COUNT(*)
         FROM jobs WHERE ended_at_ms IS NOT NULL AND version > 0 GROUP BY 1, 2, 3, 4",
        &["complete", "failed", "canceled", "timed_out"],
    );
    counts
}

async fn counted(store: &Store) -> Counts {
    let rows = store.rollup(0, i64::MAX, None).await.expect("it is open");
    let rows = rows.into_iter().map(|row| {
        let RollupKey {
            minute_at_ms,
            flow_id,
            endpoint,
        } = row.key;
        let (requests, jobs) = (row.requests, row.jobs);
        let counts = [
            requests.accepted,
            requests.rejected,
            requests.duplicate,
            requests.held,
            jobs.complete,
            jobs.failed,
            jobs.canceled,
            jobs.timed_out,
        ];
        ((minute_at_ms, flow_id, endpoint), counts)
    });
    rows.filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .collect()
}

fn at(minute: i64) -> i64 {
    NOW_MS - minute * MINUTE_MS
}

fn endpoint(n: u8) -> String {
    ["in", "back"][usize::from(n)].to_owned()
}

/// What the acts happen to.
struct World {
    folder: TempDir,
    /// None only while it is opened again.
    store: Option<Store>,
    flow_id: FlowId,
    n: u64,
    /// Jobs that have not ended.
    open: Vec<JobId>,
}

impl World {
    async fn new() -> Self {
        let Fixture {
            store,
            folder,
            flow_id,
        } = Fixture::new().await;
        Self {
            folder,
            store: Some(store),
            flow_id,
            n: 0,
            open: Vec::new(),
        }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().expect("it is open")
    }

    fn record(&mut self, endpoint_of: u8, minute: i64, verdict: Verdict) -> RequestRecord {
        self.n += 1;
        RequestRecord {
            id: RequestId::new(at(minute), random(self.n)),
            at_ms: at(minute),
            endpoint: endpoint(endpoint_of),
            ..record(self.flow_id, self.n, verdict)
        }
    }

    async fn accept(&mut self, arrival: Arrival) {
        if let Accepted::Started { job_id } =
            self.store().accept(arrival).await.expect("there is room")
        {
            self.open.push(job_id);
        }
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Accept { endpoint, minute } => self.accept_one(endpoint, minute).await,
            Act::Other {
                endpoint,
                minute,
                verdict,
            } => self.other(endpoint, minute, verdict).await,
            Act::Manual { minute, is_trial } => self.manual(minute, is_trial).await,
            Act::End {
                job,
                status,
                took_ms,
            } => self.end(job, status, took_ms).await,
            Act::Count => {
                self.store().roll_up(NOW_MS).await.expect("it is open");
            }
            Act::Restart => {
                // The last handle that goes writes what waits.
                drop(self.store.take());
                self.store = Some(open(self.folder.path()));
            }
            Act::Forget => self.store().forget_rollup().await.expect("it is open"),
        }
    }

    async fn accept_one(&mut self, of: u8, minute: i64) {
        let record = self.record(of, minute, Verdict::Accepted);
        let mut start = start(self.flow_id, self.n);
        start.at_ms = record.at_ms;
        if let Event::JobQueued { trigger_name, .. } = &mut start.queued {
            *trigger_name = endpoint(of);
        }
        let arrival = Arrival {
            record: Some(record),
            idempotency_key: None,
            start: Some(start),
        };
        self.accept(arrival).await;
    }

    async fn other(&mut self, of: u8, minute: i64, verdict: u8) {
        if verdict == 0 {
            let mut record = self.record(of, minute, Verdict::Rejected);
            record.reason = Some(Reason {
                code: format!("r{}", self.n),
                message: String::new(),
            });
            self.store().record_rejected(record);
            return;
        }
        // With one key for all, so that every second one is a duplicate.
        let key = (verdict == 1).then(|| IdempotencyKey {
            text: format!("{of}"),
            answered: Answered {
                mode: Mode::Async,
                version: 1,
            },
        });
        let arrival = Arrival {
            record: Some(self.record(of, minute, Verdict::Held)),
            idempotency_key: key,
            start: None,
        };
        self.accept(arrival).await;
    }

    async fn manual(&mut self, minute: i64, is_trial: bool) {
        self.n += 1;
        let mut by_hand = arrival(self.flow_id, self.n);
        by_hand.record = None;
        let start = by_hand.start.as_mut().expect("it begins a job");
        start.at_ms = at(minute);
        if is_trial {
            start.version = -1;
        }
        if let Event::JobQueued { trigger, .. } = &mut start.queued {
            *trigger = TriggerKind::Manual;
        }
        self.accept(by_hand).await;
    }

    async fn end(&mut self, job: usize, status: u8, took_ms: i64) {
        if self.open.is_empty() {
            return;
        }
        let id = self.open.swap_remove(job % self.open.len());
        let status = [
            JobStatus::Complete,
            JobStatus::Failed,
            JobStatus::Canceled,
            JobStatus::TimedOut,
        ][usize::from(status)];
        let mut started = entry(1, Event::JobStarted {});
        let mut ended = entry(
            2,
            Event::JobFinished {
                status,
                error: None,
            },
        );
        started.at_ms = at(0);
        ended.at_ms = at(0) + took_ms;
        let end = commit(id, status, vec![started, ended]);
        self.store().commit(end).await.expect("it has not ended");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn what_is_counted_is_what_the_tables_hold(acts in proptest::collection::vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut world = World::new().await;
            for act in acts {
                world.act(act).await;
            }
            // What was rejected is written when nothing else is.
            world.act(Act::Restart).await;
            world.store().roll_up_all(NOW_MS).await.expect("it is open");
            assert_eq!(counted(world.store()).await, plain(&world.folder));
        });
    }
}

#[tokio::test]
async fn a_million_minutes_back_nothing_is_kept() {
    let mut world = World::new().await;
    world
        .act(Act::Accept {
            endpoint: 0,
            minute: 0,
        })
        .await;
    world.act(Act::Count).await;
    assert_eq!(counted(world.store()).await.len(), 1);
    let later = NOW_MS + ROLLUP_KEPT_MS + 2 * MINUTE_MS;
    // Something has to happen for anything to be written.
    world
        .act(Act::Accept {
            endpoint: 1,
            minute: 0,
        })
        .await;
    world.store().roll_up_all(later).await.expect("it is open");
    assert!(counted(world.store()).await.is_empty());
    let last = world.store().last_requests().await.expect("it is open");
    assert_eq!(
        last.len(),
        2,
        "when an endpoint was called last is known all the same"
    );
}

#[tokio::test]
async fn a_sweep_of_old_minutes_leaves_the_others() {
    let mut world = World::new().await;
    for minute in [0, 3] {
        world
            .act(Act::Accept {
                endpoint: 0,
                minute,
            })
            .await;
    }
    world.act(Act::Count).await;
    let more = world.store().sweep_rollup(minute_of(NOW_MS)).await;
    assert_eq!(more.ok(), Some(false));
    let left: Vec<i64> = counted(world.store())
        .await
        .into_keys()
        .map(|key| key.0)
        .collect();
    assert_eq!(left, [minute_of(NOW_MS)]);
}
