//! Those who call a server that is killed again and again: each call is made again with its key until it is answered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinHandle;

use super::KEY;
use crate::support::{Answer, TestApp, TestSender, hook_url};

/// Calls with one key at the same time.
const DUPLICATES: u64 = 100;
/// How long a caller waits before it calls again.
const AGAIN: Duration = Duration::from_millis(5);
/// How long a sender pauses: the point is a kill in the middle of work, not a queue of hours.
const PAUSE: Duration = Duration::from_millis(10);

/// Where the flows are called in this life of the server.
#[derive(Clone, Default)]
pub(super) struct Urls {
    intake: String,
    ask: String,
    once: String,
}

/// The callers, and what they were answered.
#[derive(Default)]
pub(super) struct Load {
    urls: RwLock<Urls>,
    done: AtomicBool,
    numbers: AtomicU64,
    answers: AtomicUsize,
    /// Of the flow that calls: job to number.
    answered: Mutex<BTreeMap<i64, u64>>,
    /// Of each burst of duplicates: the jobs that its callers were told.
    bursts: Mutex<BTreeMap<u64, BTreeSet<i64>>>,
    /// Jobs that the receiver was told about.
    told: std::sync::Mutex<BTreeSet<i64>>,
}

impl Urls {
    pub(super) fn of(app: &TestApp) -> Self {
        let url = |flow| hook_url(app, flow, KEY);
        Self {
            intake: url("intake"),
            ask: url("ask"),
            once: url("once"),
        }
    }
}

/// What came with a call, and lives as long as its job.
pub(super) fn state_of(number: u64) -> String {
    format!("state-token-{number}")
}

impl Load {
    pub(super) async fn move_to(&self, urls: Urls) {
        *self.urls.write().await = urls;
    }

    pub(super) fn was_told(&self, job: Option<i64>) {
        self.told.lock().expect("no panic").extend(job);
    }

    pub(super) fn are_told(&self, jobs: &[i64]) -> bool {
        let told = self.told.lock().expect("no panic");
        jobs.iter().all(|job| told.contains(job))
    }

    /// Callers begin nothing new; what they have begun they bring to its end.
    pub(super) fn stop(&self) {
        self.done.store(true, Ordering::Relaxed);
    }

    /// Answers with 2xx.
    pub(super) fn answers(&self) -> usize {
        self.answers.load(Ordering::Relaxed)
    }

    /// Jobs with their numbers, and the jobs of each burst.
    pub(super) async fn answered(&self) -> (BTreeMap<i64, u64>, BTreeMap<u64, BTreeSet<i64>>) {
        let answered = self.answered.lock().await.clone();
        (answered, self.bursts.lock().await.clone())
    }

    pub(super) fn start(self: &Arc<Self>, senders: usize, askers: usize) -> Vec<JoinHandle<()>> {
        let sending = (0..senders).map(|_| tokio::spawn(Arc::clone(self).send()));
        let asking = (0..askers).map(|_| tokio::spawn(Arc::clone(self).ask()));
        sending.chain(asking).collect()
    }

    /// Many calls with one key at once.
    pub(super) fn start_duplicates(
        self: &Arc<Self>,
        sender: &TestSender,
        burst: u64,
    ) -> Vec<JoinHandle<()>> {
        let call = |_| {
            let (load, sender) = (Arc::clone(self), sender.clone());
            tokio::spawn(async move {
                let body = json!({"burst": burst}).to_string();
                let key = format!("burst-{burst}");
                let answer = load
                    .until_answered(&sender, |urls| &urls.once, &key, body)
                    .await;
                let job = answer.json()["job_id"].as_i64().expect("a number");
                load.bursts
                    .lock()
                    .await
                    .entry(burst)
                    .or_default()
                    .insert(job);
            })
        };
        (0..DUPLICATES).map(call).collect()
    }

    async fn send(self: Arc<Self>) {
        let sender = TestSender::new();
        while !self.done.load(Ordering::Relaxed) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let body = json!({"n": number, "_secretStatePut": {"token": state_of(number)}});
            let key = format!("number-{number}");
            let answer = self
                .until_answered(&sender, |urls| &urls.intake, &key, body.to_string())
                .await;
            let job_id = answer.json()["job_id"].as_i64().expect("a number");
            self.answered.lock().await.insert(job_id, number);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits for what the flow answers, and asks for it a second time.
    async fn ask(self: Arc<Self>) {
        let sender = TestSender::new();
        while !self.done.load(Ordering::Relaxed) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let (key, body) = (
                format!("question-{number}"),
                json!({"n": number}).to_string(),
            );
            for _ in 0..2 {
                let answer = self
                    .until_answered(&sender, |urls| &urls.ask, &key, body.clone())
                    .await;
                let expected = json!({"twice": number * 2});
                assert_eq!(
                    (answer.status, answer.json()),
                    (201, expected),
                    "{answer:?}"
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn until_answered(
        &self,
        sender: &TestSender,
        url: impl Fn(&Urls) -> &String,
        key: &str,
        body: String,
    ) -> Answer {
        loop {
            let to = url(&*self.urls.read().await).clone();
            let headers = [("idempotency-key", key)];
            match sender.try_hook(&to, &headers, body.clone()).await {
                Some(answer) if (200..300).contains(&answer.status) => {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                    return answer;
                }
                _ => tokio::time::sleep(AGAIN).await,
            }
        }
    }
}
