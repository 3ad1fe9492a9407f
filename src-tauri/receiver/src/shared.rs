//! What every request needs: the ports, the limits, and the counters that live as long as the receiver.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use hookloom_engine::Handover;
use hookloom_engine::answers::Waiters;
use hookloom_engine::endpoints::SharedEndpoints;
use hookloom_engine::histogram::Histogram;
use hookloom_engine::ports::{Calls, Clock, Entropy, Files, Inbox, JobKeys, Journal, Secrets};
use hookloom_model::RequestId;

use parking_lot::RwLock;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::body_read::BodyBudget;
use crate::idempotency::KeyTemplates;
use crate::limits::{LARGE_BODIES_AT_ONCE_MAX, Limits};
use crate::own_answer::OwnAnswers;
use crate::pause::Pause;
use crate::probe::Probes;
use crate::rate::{EndpointRates, SourceRates};

/// What the receiver needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// The endpoints that can be reached now.
    pub endpoints: SharedEndpoints,
    /// Where requests go.
    pub inbox: Arc<dyn Inbox>,
    /// The record of jobs that calls wait for.
    pub journal: Arc<dyn Journal>,
    /// Status URLs.
    pub calls: Arc<dyn Calls>,
    /// Who waits for which job.
    pub waiters: Waiters,
    /// Where files of requests lie.
    pub files: Arc<dyn Files>,
    /// Where senders reach us, if that is not our own address; without a slash at the end.
    pub public_url: Arc<RwLock<Option<String>>>,
    /// Shared keys, the workspace's key, the masker.
    pub secrets: Arc<dyn Secrets>,
    /// Keys of jobs with secret state.
    pub job_keys: Arc<dyn JobKeys>,
    /// The time of records and ids.
    pub clock: Arc<dyn Clock>,
    /// The randomness of ids.
    pub entropy: Arc<dyn Entropy>,
    /// Told of every new job, after it is on disk. Must not block.
    pub on_started: Arc<dyn Fn(Handover) + Send + Sync>,
    /// Told when a save failed in an unknown way: a job may be on disk that nobody heard of. Must not block.
    pub on_unsure: Arc<dyn Fn() + Send + Sync>,
}

pub(crate) struct Shared {
    pub deps: Deps,
    pub limits: Limits,
    /// Cancelled when the listener shuts down: calls that wait are answered then.
    pub stopping: CancellationToken,
    /// Requests that are being answered.
    pub in_flight: TaskTracker,
    pub source_rates: SourceRates,
    pub endpoint_rates: EndpointRates,
    pub key_templates: KeyTemplates,
    pub own_answers: OwnAnswers,
    pub bodies_held: BodyBudget,
    /// Places of calls that wait for their job.
    pub calls_waiting: Arc<Semaphore>,
    pub files_held: BodyBudget,
    /// Turns of large bodies that are being read into values.
    pub large_bodies: Semaphore,
    /// Requests to paths that no endpoint has: they are counted, not recorded.
    pub unknown_paths: AtomicU64,
    pub probes: Probes,
    /// From the head of a request to the head of its answer.
    pub answer_times: Histogram,
    pub pause: Pause,
}

impl Shared {
    pub fn new(deps: Deps, limits: Limits) -> Self {
        Self {
            source_rates: SourceRates::new(&limits),
            bodies_held: BodyBudget::of_memory(limits.bodies_held_bytes_max),
            files_held: BodyBudget::of_files(limits.files_arriving_bytes_max),
            large_bodies: Semaphore::new(LARGE_BODIES_AT_ONCE_MAX),
            endpoint_rates: EndpointRates::default(),
            key_templates: KeyTemplates::default(),
            own_answers: OwnAnswers::default(),
            stopping: CancellationToken::new(),
            calls_waiting: Arc::new(Semaphore::new(limits.calls_waiting_max)),
            in_flight: TaskTracker::new(),
            unknown_paths: AtomicU64::new(0),
            probes: Probes::default(),
            answer_times: Histogram::default(),
            pause: Pause::default(),
            deps,
            limits,
        }
    }

    pub fn new_request_id(&self, at_ms: i64) -> RequestId {
        let mut random = [0; 10];
        self.deps.entropy.fill(&mut random);
        RequestId::new(at_ms, random)
    }
}
