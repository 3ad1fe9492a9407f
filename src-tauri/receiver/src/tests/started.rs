//! A receiver that runs, with everything a test may want to look at.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use hookloom_engine::endpoints::{LiveEndpoint, SharedEndpoints};
use hookloom_engine::testing::FakeFiles;
use hookloom_model::JobId;
use hookloom_model::request::RequestRecord;
use parking_lot::{Mutex, RwLock};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::client::{Reply, exchange, exchange_head};
use super::fixtures::{live_endpoint, table_of};
use super::ports::{Counting, MemoryInbox, MemoryKeys, MemorySecrets, StillClock};
use crate::{Deps, Limits, Pause, Receiver, ServeError};

/// The shared key of `orders_key`.
pub(super) const KEY: &str = "correct-horse-battery";
/// Now, on the clock that stands still.
pub(super) const NOW_MS: i64 = 1_795_306_812_431;

pub(super) struct Started {
    pub address: SocketAddr,
    pub public_url: Arc<RwLock<Option<String>>>,
    pub endpoints: SharedEndpoints,
    pub inbox: Arc<MemoryInbox>,
    pub files: Arc<FakeFiles>,
    pub secrets: Arc<MemorySecrets>,
    pub job_keys: Arc<MemoryKeys>,
    pub clock: Arc<StillClock>,
    pub started_jobs: Arc<Mutex<Vec<JobId>>>,
    /// How often the executor was asked to look for jobs.
    pub looks: Arc<AtomicUsize>,
    pub shutdown: CancellationToken,
    pub pause: Pause,
    pub ended: JoinHandle<Result<(), ServeError>>,
}

impl Started {
    /// With one endpoint, `orders`, as `change` leaves it.
    pub async fn with(change: impl FnOnce(&mut LiveEndpoint)) -> Self {
        Self::with_limits(Limits::default(), change).await
    }

    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with_limits(limits: Limits, change: impl FnOnce(&mut LiveEndpoint)) -> Self {
        let mut live = live_endpoint("orders");
        change(&mut live);
        let inbox = Arc::new(MemoryInbox::default());
        let files = Arc::new(FakeFiles::default());
        let secrets = Arc::new(MemorySecrets::default());
        secrets.set("orders_key", KEY);
        let job_keys = Arc::new(MemoryKeys::default());
        let clock = Arc::new(StillClock(AtomicI64::new(NOW_MS)));
        let started_jobs = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&started_jobs);
        let looks = Arc::new(AtomicUsize::new(0));
        let looked = Arc::clone(&looks);
        let endpoints: SharedEndpoints = Arc::new(ArcSwap::from_pointee(table_of([live])));
        let public_url = Arc::new(RwLock::new(None));
        let deps = Deps {
            endpoints: Arc::clone(&endpoints),
            inbox: inbox.clone(),
            journal: inbox.jobs.clone(),
            calls: inbox.jobs.clone(),
            waiters: inbox.jobs.waiters.clone(),
            files: files.clone(),
            public_url: Arc::clone(&public_url),
            secrets: secrets.clone(),
            job_keys: job_keys.clone(),
            clock: clock.clone(),
            entropy: Arc::new(Counting::default()),
            on_started: Arc::new(move |job| told.lock().push(job.job_id())),
            on_unsure: Arc::new(move || {
                looked.fetch_add(1, Ordering::SeqCst);
            }),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let address = listener.local_addr().expect("its address");
        let shutdown = CancellationToken::new();
        let receiver = Receiver::new(deps, limits);
        let pause = receiver.pause();
        let stop = shutdown.clone();
        let ended = tokio::spawn(async move { receiver.serve(listener, stop).await });
        Self {
            address,
            public_url,
            endpoints,
            inbox,
            files,
            secrets,
            job_keys,
            clock,
            started_jobs,
            pause,
            looks,
            shutdown,
            ended,
        }
    }

    /// Sends these bytes on a connection of their own and reads the answer.
    pub async fn send(&self, request: impl AsRef<[u8]>) -> Reply {
        exchange(self.address, request.as_ref()).await
    }

    /// Sends a HEAD request: its answer has a length, and no body.
    pub async fn send_head(&self, request: &str) -> Reply {
        exchange_head(self.address, request.as_bytes()).await
    }

    /// Posts JSON to `orders` with the right key.
    pub async fn post(&self, body: &str) -> Reply {
        self.send(post(KEY, "content-type: application/json\r\n", body))
            .await
    }

    /// The one rejected request so far.
    pub fn rejected(&self) -> RequestRecord {
        let rejected = self.inbox.rejected.lock();
        assert_eq!(rejected.len(), 1, "{rejected:?}");
        rejected[0].clone()
    }

    /// The code of the one rejected request so far.
    pub fn reason(&self) -> String {
        self.rejected().reason.expect("a reason").code
    }

    /// The record of the last request that was taken.
    pub fn recorded(&self) -> RequestRecord {
        let arrivals = self.inbox.arrivals.lock();
        arrivals
            .last()
            .expect("an arrival")
            .record
            .clone()
            .expect("a record")
    }
}

/// A request to `orders`, as bytes.
pub(super) fn post(key: &str, headers: &str, body: &str) -> String {
    format!(
        "POST /api/webhook/local/intake?key={key} HTTP/1.1\r\nhost: hook.example\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}
