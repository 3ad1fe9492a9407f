//! What the tests are made of: a store in a folder of its own, and small requests, jobs and events.

use std::path::Path;

use hookloom_engine::ports::{Accepted, Arrival, Commit, Inbox, JobStart, NewDelivery};
use hookloom_model::journal::{Event, JournalEntry};
use hookloom_model::request::RequestRecord;
use hookloom_model::{DeliveryId, FlowId, JobId, JobStatus, RequestId, TriggerKind, Verdict};
use tempfile::TempDir;

use super::backing_up::by_hand;
use crate::{KeptBackup, Store, StoreOptions};

pub(super) const NOW_MS: i64 = 1_795_306_812_431;

pub(super) const DOCUMENT: &str = r#"{
  "name": "orders",
  "title": "Orders",
  "endpoints": [{"name": "in"}],
  "outputs": [{"name": "sum", "step": "a"}],
  "webhook_tasks": [{"name": "tell", "url": "https://a.example"}, {"name": "other", "url": "https://b.example"}]
}"#;

pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) folder: TempDir,
    pub(super) flow_id: FlowId,
}

impl Fixture {
    /// A store with one published flow.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(folder.path());
        store
            .create_flow("orders", DOCUMENT, NOW_MS)
            .await
            .expect("a new name");
        let flow = store.flow("orders").await.expect("it was made");
        store
            .publish_flow("orders", &flow.draft_etag, None, NOW_MS)
            .await
            .expect("nothing is in the way");
        Self {
            store,
            folder,
            flow_id: flow.id,
        }
    }

    /// A backup of what is there, made by hand.
    pub(super) async fn backed_up(&self) -> KeptBackup {
        let made = self.store.back_up(by_hand()).await;
        made.expect("there is room")
    }

    /// An accepted request that begins a job.
    pub(super) async fn job(&self, n: u64) -> JobId {
        match self.store.accept(self.arrival(n)).await {
            Ok(Accepted::Started { job_id }) => job_id,
            other => panic!("a request without a key begins a job, not {other:?}"),
        }
    }

    pub(super) fn arrival(&self, n: u64) -> Arrival {
        arrival(self.flow_id, n)
    }
}

pub(super) fn open(folder: &Path) -> Store {
    Store::open(
        folder,
        StoreOptions {
            readers: 2,
            now_ms: NOW_MS,
        },
    )
    .expect("the folder is fine")
}

/// A folder in memory where there is one: for tests that write much, and do not ask what the disk does.
pub(super) fn folder_in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    made.expect("a temporary folder")
}

pub(super) fn random(n: u64) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub(super) fn request_id(n: u64) -> RequestId {
    RequestId::new(NOW_MS, random(n))
}

pub(super) fn delivery_id(n: u64) -> DeliveryId {
    DeliveryId::new(NOW_MS, random(n))
}

pub(super) fn record(flow_id: FlowId, n: u64, verdict: Verdict) -> RequestRecord {
    RequestRecord {
        id: request_id(n),
        at_ms: NOW_MS,
        endpoint: "in".to_owned(),
        flow_id,
        method: "POST".to_owned(),
        path: "/api/webhook/local/orders?key=••••".to_owned(),
        remote_address: "127.0.0.1".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        sealed_headers: None,
        way: None,
        body: format!("{{\"n\": {n}}}").into_bytes(),
        files: Vec::new(),
        body_bytes: 8,
        body_sha256: None,
        verdict,
        status: 200,
        reason: None,
    }
}

pub(super) fn arrival(flow_id: FlowId, n: u64) -> Arrival {
    Arrival {
        record: Some(record(flow_id, n, Verdict::Accepted)),
        idempotency_key: None,
        start: Some(start(flow_id, n)),
    }
}

pub(super) fn start(flow_id: FlowId, n: u64) -> JobStart {
    JobStart {
        request_id: request_id(n),
        flow_id,
        version: 1,
        at_ms: NOW_MS,
        queued: Event::JobQueued {
            trigger: TriggerKind::Endpoint,
            trigger_name: "in".to_owned(),
            outputs: None,
            input: None,
            secret_state: Vec::new(),
            depth: 0,
        },
        input_blob: None,
        secret_state: None,
        origin: Default::default(),
    }
}

pub(super) fn entry(seq: u64, event: Event) -> JournalEntry {
    JournalEntry {
        seq,
        at_ms: NOW_MS + i64::try_from(seq).expect("few events"),
        event,
    }
}

pub(super) fn commit(job_id: JobId, status: JobStatus, entries: Vec<JournalEntry>) -> Commit {
    Commit {
        job_id,
        entries,
        status,
        waiting_until_ms: None,
        error: None,
        blobs: Vec::new(),
        secret_state: hookloom_engine::ports::SecretStateChange::Keep,
        deliveries: Vec::new(),
    }
}

/// The job starts and ends at once.
pub(super) fn whole_life(job_id: JobId, deliveries: Vec<NewDelivery>) -> Commit {
    let mut commit = commit(
        job_id,
        JobStatus::Complete,
        vec![
            entry(1, Event::JobStarted {}),
            entry(
                2,
                Event::JobFinished {
                    status: JobStatus::Complete,
                    error: None,
                },
            ),
        ],
    );
    commit.deliveries = deliveries;
    commit
}

pub(super) fn new_delivery(n: u64, task: &str) -> NewDelivery {
    NewDelivery {
        id: delivery_id(n),
        task: task.to_owned(),
        event: "job_finished".to_owned(),
        output: None,
        method: "POST".to_owned(),
        url: "https://a.example".to_owned(),
        attempts_max: 8,
        validate_ssl: true,
        due_at_ms: NOW_MS,
    }
}
