//! A crash at any point: what was answered is there, and the projection is the fold of the journal.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hookloom_engine::ports::{Accepted, Inbox, Journal};
use hookloom_model::journal::{Event, JournalEntry};
use hookloom_model::{JobId, JobStatus};
use proptest::prelude::*;
use tempfile::TempDir;

use super::support::{Fixture, arrival, commit, entry, open};
use crate::{JobRow, Store};

#[derive(Debug, Clone)]
enum Act {
    /// A request, perhaps with one of three keys.
    Accept(Option<u8>),
    /// The next event of a job, chosen among those that there are.
    Append(usize),
    /// The end of a job.
    Finish(usize),
    /// An event that is out of turn.
    AppendWrongly(usize),
    /// The process is gone; another one opens what it left on disk.
    Crash,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => proptest::option::weighted(0.3, 0..3_u8).prop_map(Act::Accept),
        4 => any::<usize>().prop_map(Act::Append),
        2 => any::<usize>().prop_map(Act::Finish),
        1 => any::<usize>().prop_map(Act::AppendWrongly),
        2 => Just(Act::Crash),
    ];
    proptest::collection::vec(act, 1..40)
}

/// What was answered.
#[derive(Default)]
struct Known {
    journals: BTreeMap<JobId, Vec<JournalEntry>>,
    keys: BTreeMap<u8, JobId>,
    requests: u64,
}

impl Known {
    fn pick(&self, n: usize) -> Option<JobId> {
        let jobs: Vec<_> = self.journals.keys().copied().collect();
        (!jobs.is_empty()).then(|| jobs[n % jobs.len()])
    }
}

/// The state that a journal stands for: what the job's row must say.
fn fold(entries: &[JournalEntry]) -> (JobStatus, Option<i64>, Option<i64>, u64) {
    let mut state = (JobStatus::Queued, None, None, 0);
    for entry in entries {
        assert_eq!(entry.seq, state.3, "no gap and no repeat");
        state.3 += 1;
        match &entry.event {
            Event::JobStarted {} => {
                state.0 = JobStatus::Running;
                state.1 = state.1.or(Some(entry.at_ms));
            }
            Event::JobFinished { status, .. } => {
                state.0 = *status;
                state.2 = Some(entry.at_ms);
            }
            _ => {}
        }
    }
    state
}

fn projection(job: &JobRow) -> (JobStatus, Option<i64>, Option<i64>, u64) {
    (job.status, job.started_at_ms, job.ended_at_ms, job.next_seq)
}

/// The files as the system has them now, without asking the store to put them in order.
fn image(of: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    for name in ["hookloom.db", "hookloom.db-wal"] {
        if of.join(name).exists() {
            fs::copy(of.join(name), copy.path().join(name)).expect("a copy");
        }
    }
    copy
}

async fn check(store: &Store, known: &Known) {
    for (job_id, entries) in &known.journals {
        let job = store.load(*job_id).await.expect("it was answered");
        assert_eq!(&job.entries, entries, "job {job_id}");
        let row = store.job(*job_id).await.expect("it was answered");
        assert_eq!(projection(&row), fold(entries), "job {job_id}");
    }
    let counts = store.counts();
    assert_eq!(
        counts.jobs,
        i64::try_from(known.journals.len()).expect("few")
    );
    assert_eq!(counts.requests, i64::try_from(known.requests).expect("few"));
    let rows: (i64, i64) = store
        .read(|conn| {
            let sql = "SELECT (SELECT COUNT(*) FROM jobs), (SELECT COUNT(*) FROM requests)";
            Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
        .await
        .expect("two numbers");
    assert_eq!(rows, (counts.jobs, counts.requests));
}

async fn play(acts: Vec<Act>) {
    let Fixture {
        mut store,
        mut folder,
        flow_id,
    } = Fixture::new().await;
    let mut known = Known::default();
    for act in acts {
        match act {
            Act::Accept(key) => {
                known.requests += 1;
                let mut arrival = arrival(flow_id, known.requests);
                arrival.idempotency_key = key.map(|key| key.to_string().into());
                let queued = arrival
                    .start
                    .as_ref()
                    .expect("it begins a job")
                    .queued
                    .clone();
                match store.accept(arrival).await.expect("there is room") {
                    Accepted::Started { job_id } => {
                        let first = entry(0, queued);
                        assert!(known.journals.insert(job_id, vec![first]).is_none());
                        if let Some(key) = key {
                            assert!(known.keys.insert(key, job_id).is_none(), "twice");
                        }
                    }
                    Accepted::Duplicate { job_id, .. } => {
                        assert_eq!(job_id, key.and_then(|key| known.keys.get(&key).copied()));
                    }
                    Accepted::Held => panic!("the flow is live"),
                }
            }
            Act::Append(n) => append(&store, &mut known, n, JobStatus::Running).await,
            Act::Finish(n) => append(&store, &mut known, n, JobStatus::Complete).await,
            Act::AppendWrongly(n) => {
                if let Some(job_id) = known.pick(n) {
                    let wrong = known.journals[&job_id].len() as u64 + 1;
                    let event = entry(wrong, Event::JobStarted {});
                    let result = store
                        .commit(commit(job_id, JobStatus::Running, vec![event]))
                        .await;
                    assert!(result.is_err());
                }
            }
            Act::Crash => {
                let left = image(folder.path());
                store = open(left.path());
                folder = left;
                check(&store, &known).await;
            }
        }
    }
    check(&store, &known).await;
}

async fn append(store: &Store, known: &mut Known, n: usize, status: JobStatus) {
    let Some(job_id) = known.pick(n) else { return };
    let entries = &known.journals[&job_id];
    let ended = fold(entries).2.is_some();
    let event = match status {
        JobStatus::Complete => Event::JobFinished {
            status,
            error: None,
        },
        _ => Event::JobStarted {},
    };
    let next = entry(entries.len() as u64, event);
    let result = store
        .commit(commit(job_id, status, vec![next.clone()]))
        .await;
    assert_eq!(result.is_err(), ended, "{result:?}");
    if !ended {
        known.journals.entry(job_id).or_default().push(next);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_interleaved_the_journal_and_its_projection_agree(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(play(acts));
    }
}
