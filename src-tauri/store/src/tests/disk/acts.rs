//! What the stores of these tests do: requests, repeats, events, ends with deliveries, large values, checkpoints. A seed
//! decides it all.

use std::collections::BTreeMap;
use std::path::Path;

use futures::future::join_all;
use hookloom_engine::apply::fold;
use hookloom_engine::ports::{Accepted, Inbox, InboxError, Journal, JournalError};
use hookloom_engine::testing::SplitMix;
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{FlowId, JobId, JobStatus, StepExecutionId};
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::super::support::{DOCUMENT, NOW_MS, arrival, commit, entry, new_delivery};
use super::held::{Answer, SETTING};
use super::name_for;
use crate::Store;

/// Whoever calls the store, and what it was answered.
pub(super) struct Caller {
    random: SplitMix,
    flow_id: FlowId,
    requests: u64,
    journals: BTreeMap<JobId, Vec<JournalEntry>>,
    keys: BTreeMap<String, JobId>,
    setting: u64,
    blobs: u64,
    pub answers: Vec<Answer>,
}

/// Why something was not done: the reason that was told.
pub(super) type Refusal = String;

impl Caller {
    pub(super) fn new(seed: u64, flow_id: FlowId) -> Self {
        Self {
            random: SplitMix::new(seed),
            flow_id,
            requests: 0,
            journals: BTreeMap::new(),
            keys: BTreeMap::new(),
            setting: 0,
            blobs: 0,
            answers: Vec::new(),
        }
    }

    /// One thing or a few at once.
    pub(super) async fn act(&mut self, store: &Store) -> Result<(), Refusal> {
        match self.random.below(20) {
            0..=6 => self.accept(store).await,
            7..=13 => self.append(store).await,
            14 | 15 => self.set(store).await,
            16 => self.put_large(store).await,
            17 => self.delete_large(store).await,
            _ => {
                self.checkpoint(store.path());
                Ok(())
            }
        }
    }

    /// A few requests at once, so that they share a transaction; some with a key, some of these repeats.
    async fn accept(&mut self, store: &Store) -> Result<(), Refusal> {
        let mut arrivals = Vec::new();
        let mut keys = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            self.requests += 1;
            let mut new = arrival(self.flow_id, self.requests);
            let key = match self.random.below(4) {
                0 => Some(format!("key-{}", self.requests)),
                1 => self.keys.keys().next_back().cloned(),
                _ => None,
            };
            new.idempotency_key = key.clone().map(Into::into);
            arrivals.push(new);
            keys.push(key);
        }
        let queued = arrivals
            .iter()
            .map(|new| new.start.as_ref().expect("it begins a job").queued.clone());
        let queued: Vec<Event> = queued.collect();
        let accepted = join_all(arrivals.into_iter().map(|new| store.accept(new))).await;
        let mut refusal = Ok(());
        for ((accepted, key), queued) in accepted.into_iter().zip(keys).zip(queued) {
            match accepted {
                Ok(Accepted::Started { job_id }) => {
                    assert!(
                        key.as_ref().is_none_or(|key| !self.keys.contains_key(key)),
                        "{key:?} twice"
                    );
                    self.keys.extend(key.clone().map(|key| (key, job_id)));
                    self.journals.insert(job_id, vec![entry(0, queued)]);
                    self.answers.push(Answer::Job { job_id, key });
                }
                Ok(Accepted::Duplicate { job_id, .. }) => {
                    assert_eq!(job_id, key.and_then(|key| self.keys.get(&key).copied()));
                }
                Ok(Accepted::Held) => panic!("the flow is live"),
                Err(InboxError::Unavailable { reason }) => refusal = Err(reason),
                Err(other) => panic!("neither saved nor refused: {other:?}"),
            }
        }
        refusal
    }

    /// The next event of a few jobs at once.
    async fn append(&mut self, store: &Store) -> Result<(), Refusal> {
        let open: Vec<JobId> = self.open_jobs();
        let mut chosen: Vec<JobId> = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let job_id = open.get(self.random.below(open.len() as u64) as usize);
            chosen.extend(job_id.filter(|id| !chosen.contains(id)));
        }
        let mut commits = Vec::new();
        for job_id in chosen {
            let mut entries = self.journals[&job_id].clone();
            let next = self.next_event(&entries);
            let next = entry(entries.len() as u64, next);
            entries.push(next.clone());
            let status = fold(&entries).expect("legal").status();
            let mut commit = commit(job_id, status, vec![next]);
            if status == JobStatus::Complete {
                commit.deliveries = vec![new_delivery(job_id.0 as u64, "tell")];
            }
            commits.push((job_id, entries, commit));
        }
        let calls = commits
            .iter()
            .map(|(_, _, commit)| store.commit(commit.clone()));
        let results = join_all(calls).await;
        let mut refusal = Ok(());
        for ((job_id, entries, _), result) in commits.into_iter().zip(results) {
            match result {
                Ok(()) => {
                    let count = entries.len() as u64;
                    self.journals.insert(job_id, entries);
                    self.answers.push(Answer::Events { job_id, count });
                }
                Err(JournalError::Unavailable { reason }) => refusal = Err(reason),
                Err(other) => panic!("neither saved nor refused: {other:?}"),
            }
        }
        refusal
    }

    fn open_jobs(&self) -> Vec<JobId> {
        let is_open = |entries: &Vec<JournalEntry>| {
            !matches!(
                entries.last().map(|it| &it.event),
                Some(Event::JobFinished { .. })
            )
        };
        let open = self.journals.iter().filter(|(_, entries)| is_open(entries));
        open.map(|(id, _)| *id).collect()
    }

    /// Starts, then step after step, and some time the end.
    fn next_event(&mut self, entries: &[JournalEntry]) -> Event {
        let step = format!("s{}", entries.len() / 2);
        match &entries.last().expect("it was queued").event {
            Event::JobQueued { .. } => Event::JobStarted {},
            Event::StepStarted { step, attempt, .. } => Event::StepFinished {
                step: step.clone(),
                attempt: *attempt,
                exit_code: "success".to_owned(),
                data: ValueRef::Inline(Value::String(
                    "d".repeat(self.random.below(3_000) as usize),
                )),
                error: None,
                memory: Default::default(),
                memory_removed: Vec::new(),
                secret_state_put: Vec::new(),
                secret_state_removed: Vec::new(),
                sent: None,
                logs: Vec::new(),
            },
            _ if self.random.chance(400) => Event::JobFinished {
                status: JobStatus::Complete,
                error: None,
            },
            _ => Event::StepStarted {
                step,
                execution: StepExecutionId::new(1, [7; 10]),
                attempt: 1,
            },
        }
    }

    pub(super) async fn set(&mut self, store: &Store) -> Result<(), Refusal> {
        let value = self.setting + 1;
        let put = store.put_setting(SETTING, &value.to_string()).await;
        put.map_err(|error| passing(&error))?;
        self.setting = value;
        self.answers.push(Answer::Setting { value });
        Ok(())
    }

    async fn put_large(&mut self, store: &Store) -> Result<(), Refusal> {
        let id = format!("large-{}", self.blobs);
        let content = vec![self.blobs as u8; self.random.below(60_000) as usize];
        let put = store.write("large", move |tx| {
            crate::table::blobs::put(tx, &id, &content)
        });
        put.await.map_err(|error| passing(&error))?;
        self.blobs += 1;
        Ok(())
    }

    /// What is free then goes back to the disk: the file gets shorter.
    async fn delete_large(&mut self, store: &Store) -> Result<(), Refusal> {
        let id = format!("large-{}", self.blobs.saturating_sub(1));
        let deleted = store.write("large", move |tx| crate::table::blobs::delete(tx, &id));
        deleted.await.map_err(|error| passing(&error))?;
        let shrunk = store.shrink_database().await;
        shrunk.map(drop).map_err(|error| passing(&error))
    }

    /// As the writer does it, only sooner: databases of tests are too small for its own.
    fn checkpoint(&mut self, database: &Path) {
        let mode = match self.random.below(4) {
            0 => CheckpointMode::PASSIVE,
            1 => CheckpointMode::FULL,
            2 => CheckpointMode::RESTART,
            _ => CheckpointMode::TRUNCATE,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let vfs = name_for(database).expect("the folder is watched");
        // A checkpoint that fails, or has to wait, is made later.
        let Ok(conn) = Connection::open_with_flags_and_vfs(database, flags, vfs) else {
            return;
        };
        drop(conn.wal_checkpoint_v2(Some("main"), mode));
    }
}

/// Opens the database of a watched folder with one published flow, made if it is new.
pub(super) async fn open(folder: &Path) -> Result<(Store, FlowId), crate::Error> {
    let store = Store::open(
        folder,
        crate::StoreOptions {
            readers: 1,
            ..Default::default()
        },
    )?;
    let flow = match store.flow("orders").await {
        Err(crate::Error::NotFound { .. }) => {
            store.create_flow("orders", DOCUMENT, NOW_MS).await?;
            store.flow("orders").await?
        }
        found => found?,
    };
    if flow.version.is_none() {
        store
            .publish_flow("orders", &flow.draft_etag, None, NOW_MS)
            .await?;
    }
    Ok((store, flow.id))
}

/// The reason, if the same may succeed later.
#[track_caller]
fn passing(error: &crate::Error) -> Refusal {
    assert!(error.is_passing(), "no passing failure: {error:?}");
    error.to_string()
}
