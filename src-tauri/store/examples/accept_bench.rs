//! How many requests a second the inbox takes: `cargo run --release -p hookloom-store --example accept_bench [CALLERS] [SECONDS] [WITH_KEYS]`.
//!
//! Each caller sends its next request when the last one is answered. Measures the store alone: no HTTP, no engine.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hookloom_engine::ports::{Arrival, Inbox, JobStart};
use hookloom_model::journal::Event;
use hookloom_model::request::RequestRecord;
use hookloom_model::{FlowId, RequestId, TriggerKind, Verdict};
use hookloom_store::{Store, StoreOptions};

const DOCUMENT: &str = r#"{"name": "bench", "title": "Bench", "endpoints": [{"name": "in"}]}"#;
const NOW_MS: i64 = 1_795_306_812_431;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse());
    let (callers, seconds, with_keys) = (number(64)?, number(5)?, number(0)? != 0);
    let folder = tempfile::tempdir()?;
    println!("one write and fdatasync: {:.3} ms", sync_ms(folder.path())?);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run(folder.path(), callers, seconds, with_keys))
}

/// The mean of 200, over a file that does not grow.
fn sync_ms(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join("sync");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let began = Instant::now();
    for _ in 0..200 {
        std::io::Seek::rewind(&mut file)?;
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
    }
    Ok(began.elapsed().as_secs_f64() * 1_000.0 / 200.0)
}

async fn run(
    folder: &Path,
    callers: u64,
    seconds: u64,
    with_keys: bool,
) -> Result<(), Box<dyn Error>> {
    let store = Store::open(folder, StoreOptions::default())?;
    store.create_flow("bench", DOCUMENT, NOW_MS).await?;
    let flow = store.flow("bench").await?;
    store
        .publish_flow("bench", &flow.draft_etag, None, NOW_MS)
        .await?;
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (store, next, flow_id) = (store.clone(), Arc::clone(&next), flow.id);
            tokio::spawn(async move {
                while Instant::now() < until {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    store.accept(arrival(flow_id, n, with_keys)).await?;
                }
                Ok::<_, hookloom_engine::ports::InboxError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let accepted = store.counts().jobs;
    let rate = f64::from(u32::try_from(accepted)?) / began.elapsed().as_secs_f64();
    println!("{callers} callers, {seconds} s: {accepted} accepted, {rate:.0} a second");
    Ok(())
}

fn arrival(flow_id: FlowId, n: u64, with_keys: bool) -> Arrival {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    let at_ms = NOW_MS + i64::try_from(n / 20).unwrap_or(0);
    let id = RequestId::new(at_ms, random);
    let body = format!("{{\"order\": {n}, \"filler\": \"{}\"}}", "x".repeat(100)).into_bytes();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let record = RequestRecord {
        id,
        at_ms,
        endpoint: "in".to_owned(),
        flow_id,
        method: "POST".to_owned(),
        path: "/api/webhook/local/bench?key=••••".to_owned(),
        remote_address: "127.0.0.1".to_owned(),
        headers: vec![
            header("host", "127.0.0.1:4747"),
            header("content-type", "application/json"),
            header("content-length", "130"),
            header("user-agent", "bench/1.0"),
        ],
        sealed_headers: None,
        way: None,
        files: Vec::new(),
        body_bytes: body.len() as u64,
        body,
        body_sha256: Some("0".repeat(64)),
        verdict: Verdict::Accepted,
        status: 200,
        reason: None,
    };
    let start = JobStart {
        request_id: id,
        flow_id,
        version: 1,
        at_ms,
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
    };
    Arrival {
        record: Some(record),
        idempotency_key: with_keys.then(|| format!("key-{n}").into()),
        start: Some(start),
    }
}
