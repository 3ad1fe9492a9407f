//! What every part of the engine works with: the ports, the limits, the compiled flows.
//!
//! Holds no state of a job: that is in the journal, and in the job's own task while it runs.

use std::sync::Arc;

use hookloom_model::{DeliveryId, RequestId, StepExecutionId};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::answers::{Announcing, Waiters};
use crate::flow::FlowCache;
use crate::ports::{
    Clock, Entropy, Files, Http, Inbox, JobKeys, Journal, Outbox, Schedules, Scripts, Secrets,
    StepKinds,
};
use crate::trial::TRIALS_MAX;

/// What the engine needs from outside, one implementation each.
#[derive(Clone)]
pub struct Ports {
    /// Appends events of jobs.
    pub journal: Arc<dyn Journal>,
    /// Begins jobs that a person or the API starts.
    pub inbox: Arc<dyn Inbox>,
    /// Deliveries on disk.
    pub outbox: Arc<dyn Outbox>,
    /// Wall time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids and jitter.
    pub entropy: Arc<dyn Entropy>,
    /// The guarded HTTP client.
    pub http: Arc<dyn Http>,
    /// Files that came with requests.
    pub files: Arc<dyn Files>,
    /// Runs JavaScript in worker processes.
    pub scripts: Arc<dyn Scripts>,
    /// Secret values and the masker.
    pub secrets: Arc<dyn Secrets>,
    /// Keys of jobs with secret state.
    pub job_keys: Arc<dyn JobKeys>,
    /// Compiles steps.
    pub step_kinds: Arc<dyn StepKinds>,
    /// Schedules on disk.
    pub schedules: Arc<dyn Schedules>,
    /// Callers that wait for what a job leaves.
    pub waiters: Waiters,
}

/// The engine's limits.
#[derive(Debug, Clone)]
pub struct Options {
    /// Jobs that run at the same time. Jobs that wait for a retry take no place.
    pub jobs_max: usize,
    /// Job ids that wait in memory for a place; beyond it the executor reads the journal.
    pub queue_max: usize,
    /// Attempts of deliveries under way at the same time.
    pub deliveries_max: usize,
    /// Attempts under way for one webhook task, so that one slow receiver stalls nobody else.
    pub deliveries_per_task_max: usize,
    /// Whether schedules begin jobs here.
    pub schedules: bool,
    /// How long a stop waits for running attempts.
    pub drain_ms: i64,
    /// Our version, for the `user-agent` of deliveries.
    pub version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs_max: 512,
            queue_max: 65_536,
            deliveries_max: 256,
            deliveries_per_task_max: 32,
            schedules: true,
            drain_ms: 10_000,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Returns once Hookloom stops.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The sender lives in the engine's handle: when all handles are gone, nobody can stop it any more but us.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// The ports with what was made of them.
pub(crate) struct Core {
    pub ports: Ports,
    pub options: Options,
    pub flows: FlowCache,
    /// Places for steps that somebody tries.
    pub trials: Semaphore,
}

impl Core {
    pub fn new(mut ports: Ports, options: Options) -> Self {
        ports.journal = Arc::new(Announcing {
            journal: ports.journal,
            waiters: ports.waiters.clone(),
        });
        Self {
            ports,
            options,
            flows: FlowCache::default(),
            trials: Semaphore::new(TRIALS_MAX),
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }

    /// Waits for tasks under way, up to the drain's bound, and ends the rest. Gives how many were cut off.
    pub async fn drain<T: 'static>(&self, running: &mut JoinSet<T>) -> usize {
        let until_ms = self.now_ms().saturating_add(self.options.drain_ms);
        let mut cut_off = 0;
        while !running.is_empty() {
            tokio::select! {
                biased;
                _ = running.join_next() => {}
                () = self.ports.clock.sleep_until_ms(until_ms) => {
                    cut_off = running.len();
                    break;
                }
            }
        }
        running.shutdown().await;
        cut_off
    }

    pub fn new_execution(&self) -> StepExecutionId {
        StepExecutionId::new(self.now_ms(), self.random())
    }

    pub fn new_delivery(&self) -> DeliveryId {
        DeliveryId::new(self.now_ms(), self.random())
    }

    pub fn new_request(&self) -> RequestId {
        RequestId::new(self.now_ms(), self.random())
    }

    /// Random bytes, not for keys.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ports.entropy.fill(&mut bytes);
        bytes
    }
}
