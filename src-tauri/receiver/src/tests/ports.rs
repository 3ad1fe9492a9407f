//! The receiver's ports, in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};

use async_trait::async_trait;
use hookloom_engine::ports::{
    Accepted, Answered, Arrival, Clock, Entropy, Inbox, InboxError, JobKeys, SecretError, Secrets,
};
use hookloom_model::request::RequestRecord;
use hookloom_model::{JobId, RequestId};
use hookloom_sensitive::{Masker, SealKey, Sensitive};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::jobs::MemoryJobs;

/// What the inbox does with the next requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    #[default]
    Works,
    /// Says beforehand that nothing can be taken.
    Closed,
    /// Fails as a full disk does.
    Full,
    Fails,
    Panics,
    /// Waits until it is told to go on.
    Waits,
}

/// An endpoint's name and an idempotency key.
type ScopedKey = (String, String);
/// The first call with a key: its id, its job, its answer.
type FirstCall = (RequestId, Option<JobId>, Answered);

#[derive(Default)]
pub(crate) struct MemoryInbox {
    pub arrivals: Mutex<Vec<Arrival>>,
    pub rejected: Mutex<Vec<RequestRecord>>,
    pub go_on: Notify,
    /// Somebody waits.
    pub waits: Notify,
    mood: Mutex<Mood>,
    /// The jobs that requests began.
    pub jobs: Arc<MemoryJobs>,
    keys: Mutex<HashMap<ScopedKey, FirstCall>>,
    last_job: AtomicI64,
}

impl MemoryInbox {
    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock() = mood;
    }

    fn take(&self, arrival: Arrival) -> Accepted {
        let record = arrival.record.clone().expect("requests have records");
        let job_id = arrival
            .start
            .is_some()
            .then(|| JobId(self.last_job.fetch_add(1, Ordering::SeqCst) + 17));
        if let Some(key) = &arrival.idempotency_key {
            let mut keys = self.keys.lock();
            let scoped = (record.endpoint.clone(), key.text.clone());
            if let Some((first, job_id, answered)) = keys.get(&scoped) {
                return Accepted::Duplicate {
                    first: *first,
                    job_id: *job_id,
                    answered: *answered,
                };
            }
            keys.insert(scoped, (record.id, job_id, key.answered));
        }
        self.jobs.records.lock().push(record);
        if let (Some(job_id), Some(start)) = (job_id, &arrival.start) {
            self.jobs.begin(job_id, start);
        }
        self.arrivals.lock().push(arrival);
        job_id.map_or(Accepted::Held, |job_id| Accepted::Started { job_id })
    }
}

#[async_trait]
impl Inbox for MemoryInbox {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, InboxError> {
        let mood = *self.mood.lock();
        match mood {
            Mood::Works | Mood::Closed => {}
            Mood::Waits => {
                self.waits.notify_one();
                self.go_on.notified().await;
            }
            Mood::Full => {
                let reason = "the disk is full".to_owned();
                return Err(InboxError::Unavailable { reason });
            }
            Mood::Fails => return Err(InboxError::Internal("damaged".into())),
            Mood::Panics => panic!("the inbox broke"),
        }
        Ok(self.take(arrival))
    }

    fn record_rejected(&self, record: RequestRecord) {
        self.rejected.lock().push(record);
    }

    fn unavailable(&self) -> Option<String> {
        (*self.mood.lock() == Mood::Closed).then(|| "the disk is full".to_owned())
    }
}

/// What a test asks of an arrival.
pub(crate) trait Keyed {
    /// The idempotency key.
    fn key(&self) -> Option<String>;
}

impl Keyed for Arrival {
    fn key(&self) -> Option<String> {
        self.idempotency_key.as_ref().map(|key| key.text.clone())
    }
}

/// How the vault answers.
const LOCKED: u8 = 1;

#[derive(Default)]
pub(crate) struct MemorySecrets {
    values: Mutex<HashMap<String, String>>,
    state: AtomicU8,
}

impl MemorySecrets {
    pub fn set(&self, name: &str, value: &str) {
        self.values.lock().insert(name.to_owned(), value.to_owned());
    }

    pub fn remove(&self, name: &str) {
        self.values.lock().remove(name);
    }

    pub fn lock(&self) {
        self.state.store(LOCKED, Ordering::SeqCst);
    }

    fn is_locked(&self, what: &str) -> Result<(), SecretError> {
        if self.state.load(Ordering::SeqCst) != LOCKED {
            return Ok(());
        }
        let reason = "the keychain is locked; unlock it".to_owned();
        Err(SecretError::Unavailable {
            what: what.to_owned(),
            reason,
        })
    }
}

/// The key that every test's workspace has.
pub(crate) fn workspace_key() -> SealKey {
    SealKey::from_bytes([7; 32])
}

#[async_trait]
impl Secrets for MemorySecrets {
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        self.is_locked(name)?;
        match self.values.lock().get(name) {
            Some(value) => Ok(Arc::new(Sensitive::new(value.clone()))),
            None => Err(SecretError::Missing {
                name: name.to_owned(),
            }),
        }
    }

    async fn keep(&self, name: &str, value: Sensitive<String>) -> Result<(), SecretError> {
        self.is_locked(name)?;
        self.set(name, value.expose());
        Ok(())
    }

    fn masker(&self) -> Arc<Masker> {
        Arc::new(Masker::new(self.values.lock().values().map(String::as_str)))
    }

    async fn workspace_key(&self) -> Result<SealKey, SecretError> {
        self.is_locked("the workspace's key")?;
        Ok(workspace_key())
    }
}

#[derive(Default)]
pub(crate) struct MemoryKeys {
    pub alive: Mutex<HashSet<RequestId>>,
    pub made: Mutex<Vec<RequestId>>,
    pub is_broken: AtomicBool,
}

/// The key that every test's job has.
pub(crate) fn job_key() -> SealKey {
    SealKey::from_bytes([9; 32])
}

#[async_trait]
impl JobKeys for MemoryKeys {
    async fn create(&self, id: RequestId) -> Result<SealKey, SecretError> {
        if self.is_broken.load(Ordering::SeqCst) {
            let reason = "the keychain is locked; unlock it".to_owned();
            return Err(SecretError::Unavailable {
                what: "the job's key".into(),
                reason,
            });
        }
        self.alive.lock().insert(id);
        self.made.lock().push(id);
        Ok(job_key())
    }

    async fn open(&self, _: RequestId) -> Result<SealKey, SecretError> {
        Ok(job_key())
    }

    async fn destroy(&self, id: RequestId) -> Result<(), SecretError> {
        self.alive.lock().remove(&id);
        Ok(())
    }
}

/// Stands still, unless somebody moves it.
pub(crate) struct StillClock(pub AtomicI64);

#[async_trait]
impl Clock for StillClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    async fn sleep_until_ms(&self, _: i64) {}
}

/// Counts, so that ids differ and can be foretold.
#[derive(Default)]
pub(crate) struct Counting(AtomicI64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        for (byte, source) in bytes.iter_mut().rev().zip(count.iter().rev()) {
            *byte = *source;
        }
    }
}
