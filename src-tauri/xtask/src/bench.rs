//! Speed as ratios, measured in one run on one machine: ours against the least that could do the same.
//!
//! Every part is a process of its own: the load, the server under test, the peers. Nothing here is a timed test.

mod fdatasync;
mod load;
mod peers;
mod served;
mod table;

use std::path::Path;
use std::time::{Duration, Instant};

pub use peers::{Peer, run_peer};

use load::Load;
use peers::PeerProcess;
use served::Served;
use table::{Row, print};

/// How much work each measurement does. Enough to leave start-up behind, little enough to repeat.
pub struct Effort {
    /// Requests of one measurement.
    pub requests: u32,
    /// Measurements of each kind; the median counts.
    pub rounds: u32,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot start {what}")]
    Start {
        what: String,
        source: std::io::Error,
    },
    #[error("{what} did not get ready")]
    NotReady { what: String },
    #[error("the load broke off")]
    Load(#[from] std::io::Error),
    #[error("the server answered {status} where 200 was due: {body}")]
    Answer { status: u16, body: String },
    #[error("{left} of {all} jobs did not reach the receiver in time")]
    Stuck { left: u64, all: u64 },
    #[error("`cargo build --release` failed")]
    Build,
}

/// The 130-byte JSON body of the accept measurement.
const BODY: &str = r#"{"event":"order_created","order_id":"12345","total":150.00,"customer":{"email":"customer@example.com","name":"John Doe Example"}} "#;

/// Builds what is measured, measures, and prints the table.
pub fn run(root: &Path, effort: &Effort) -> Result<(), Error> {
    let hookloom = served::build(root)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let rows = runtime.block_on(async {
        let mut rows = Vec::new();
        for connections in [64, 512] {
            rows.push(accept(&hookloom, effort, connections).await?);
        }
        for connections in [64, 512] {
            rows.push(whole_flow(&hookloom, effort, connections).await?);
        }
        Ok::<_, Error>(rows)
    })?;
    print(&rows, fdatasync::median()?);
    Ok(())
}

/// Authenticate, store durably, answer 200; against a handler that stores nothing.
async fn accept(hookloom: &Path, effort: &Effort, connections: u32) -> Result<Row, Error> {
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    for _ in 0..effort.rounds {
        let handler = PeerProcess::start(Peer::Handler, None)?;
        bare.push(throughput(&handler.load("/", BODY), connections, effort.requests).await?);
        drop(handler);
        let served = Served::start(hookloom, None).await?;
        ours.push(throughput(&served.load(BODY), connections, effort.requests).await?);
    }
    Ok(Row::new(
        format!("accept, {connections} connections"),
        "bare axum handler",
        ours,
        bare,
        0.5,
    ))
}

/// From a request to the recorded answer of an HTTP step; against a forwarder that stores nothing.
async fn whole_flow(hookloom: &Path, effort: &Effort, connections: u32) -> Result<Row, Error> {
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    let requests = effort.requests / 4;
    for _ in 0..effort.rounds {
        let sink = PeerProcess::start(Peer::Sink, None)?;
        let forwarder = PeerProcess::start(Peer::Forwarder, Some(sink.address))?;
        bare.push(throughput(&forwarder.load("/", BODY), connections, requests).await?);
        drop(forwarder);
        let served = Served::start(hookloom, Some(sink.address)).await?;
        let begin = Instant::now();
        served.load(BODY).run(connections, requests).await?;
        served
            .all_jobs_complete(u64::from(requests), Duration::from_secs(120))
            .await?;
        ours.push(f64::from(requests) / begin.elapsed().as_secs_f64());
    }
    Ok(Row::new(
        format!("whole flow, {connections} connections"),
        "bare axum → reqwest forwarder",
        ours,
        bare,
        0.25,
    ))
}

async fn throughput(load: &Load, connections: u32, requests: u32) -> Result<f64, Error> {
    load.run(connections, requests / 10).await?;
    let begin = Instant::now();
    load.run(connections, requests).await?;
    Ok(f64::from(requests) / begin.elapsed().as_secs_f64())
}
