//! A sender that behaves while others do not, and measures how long it has to wait for its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use tokio::task::JoinHandle;

/// The pause between two requests.
const PAUSE_MS: u64 = 20;
/// Fewer answers say nothing about the slowest hundredth.
const ANSWERS_MIN: usize = 20;
/// Longer than anything that may be called an answer.
const PATIENCE_S: u64 = 30;

/// A sender that posts one request after the other, each on a connection of its own.
pub struct HealthySender {
    stop: Arc<AtomicBool>,
    answers: Arc<AtomicUsize>,
    sending: JoinHandle<Vec<Duration>>,
}

/// How long it waited.
#[derive(Debug)]
pub struct Waits {
    pub count: usize,
    pub p50: Duration,
    pub p99: Duration,
}

impl HealthySender {
    /// Posts `{}` to a URL until it is told to stop. Every answer has to be 200.
    pub fn start(url: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let answers = Arc::new(AtomicUsize::new(0));
        let (url, stopping, counted) = (url.to_owned(), Arc::clone(&stop), Arc::clone(&answers));
        let sending = tokio::spawn(async move {
            // A connection of its own each time: the place for one is what the others may take away.
            let client = Client::builder()
                .no_proxy()
                .pool_max_idle_per_host(0)
                .timeout(Duration::from_secs(PATIENCE_S))
                .build()
                .expect("a client");
            let mut waits = Vec::new();
            while !stopping.load(Ordering::Relaxed) {
                let began = Instant::now();
                let request = client.post(&url).header("content-type", "application/json");
                let answer = request.body("{}").send().await.expect("an answer comes");
                assert_eq!(answer.status().as_u16(), 200);
                waits.push(began.elapsed());
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
            }
            waits
        });
        Self {
            stop,
            answers,
            sending,
        }
    }

    /// Whether it has sent enough to say something of how long it waits.
    pub fn has_sent_enough(&self) -> bool {
        self.answers.load(Ordering::Relaxed) >= ANSWERS_MIN || self.sending.is_finished()
    }

    /// Stops, and tells how it went.
    pub async fn finish(self) -> Waits {
        self.stop.store(true, Ordering::Relaxed);
        let mut waits = self.sending.await.expect("every answer was 200");
        assert!(
            waits.len() >= ANSWERS_MIN,
            "it hardly sent anything: {waits:?}"
        );
        waits.sort_unstable();
        Waits {
            count: waits.len(),
            p50: waits[waits.len() / 2],
            p99: waits[waits.len() * 99 / 100],
        }
    }
}

impl Waits {
    /// Fails if others kept it waiting. The gate's bound of 200 ms is for a quiet machine and the long forms, which set
    /// `HOOKLOOM_WAIT_MS_MAX`; beside other tests what shows is that nobody waits for those who misbehave.
    #[track_caller]
    pub fn check(&self, what: &str) {
        let max_ms = std::env::var("HOOKLOOM_WAIT_MS_MAX");
        let max_ms = max_ms.map_or(3_000, |it| it.parse().expect("a number"));
        let Self { count, p50, p99 } = self;
        eprintln!("{what}: a healthy sender got {count} answers, p50 {p50:?}, p99 {p99:?}");
        assert!(*p99 < Duration::from_millis(max_ms), "{what}: {self:?}");
    }
}
