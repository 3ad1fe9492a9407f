//! Speed as ratios, measured in one run on one machine: ours against the least that could do the same.
//!
//! Every part is a process of its own: the load, the server under test, the peers. Nothing here is a timed test.

mod fdatasync;
mod grown;
mod load;
mod memory;
mod peers;
mod script_step;
mod served;
mod table;

use std::path::Path;
use std::time::{Duration, Instant};

pub use peers::{Peer, run_peer};

use load::Load;
use peers::PeerProcess;
use served::{Flow, Served};
use table::{Row, print};

/// How much work each measurement does. Enough to leave start-up behind, little enough to repeat.
pub struct Effort {
    /// Requests of one measurement.
    pub requests: u32,
    /// Measurements of each kind; the median counts.
    pub rounds: u32,
    /// Jobs of the long history; none: it is not measured.
    pub jobs: u32,
    /// What the name of a rate has in it that is measured; none: everything is measured.
    pub only: Option<String>,
}

impl Effort {
    fn wants(&self, row: &str) -> bool {
        self.only.as_deref().is_none_or(|part| row.contains(part))
    }
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
    #[error("a {list} is still {status} after {} s", PATIENCE.as_secs())]
    Stuck {
        list: &'static str,
        status: &'static str,
    },
    #[error("a {list} failed, so that what was measured is not what was meant")]
    Failed { list: &'static str },
    #[error("the release build failed, or its measurement")]
    Build,
}

/// How many callers there are at once: each rate is measured with either.
const CONNECTIONS: [u32; 2] = [64, 512];
/// How long the work of one measurement may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The 130-byte JSON body of the accept measurement.
const BODY: &str = r#"{"event":"order_created","order_id":"12345","total":150.00,"customer":{"email":"customer@example.com","name":"John Doe Example"}} "#;

/// Builds what is measured, measures, and prints the table. A debug build hands over to the release build: the peers and
/// the load are part of the measurement.
pub fn run(root: &Path, effort: &Effort) -> Result<(), Error> {
    let programs = served::build(root)?;
    if cfg!(debug_assertions) {
        return run_fast(&programs.xtask, effort);
    }
    let hookloom = &programs.hookloom;
    let runtime = tokio::runtime::Runtime::new()?;
    let (rows, figures) = runtime.block_on(async {
        let mut rows = Vec::new();
        for connections in CONNECTIONS {
            for state in [State::Paused, State::Live] {
                rows.extend(accept(hookloom, effort, connections, state).await?);
            }
        }
        for (what, flow) in flows() {
            for connections in CONNECTIONS {
                rows.extend(whole_flow(hookloom, effort, connections, what, flow).await?);
            }
        }
        if effort.only.is_some() {
            return Ok((rows, Vec::new()));
        }
        let mut figures = vec![script_step::overhead(hookloom, effort).await?];
        if effort.jobs > 0 {
            let grown = grown::measure(hookloom, effort).await?;
            rows.extend(grown.rows);
            figures.extend(grown.figures);
        }
        Ok::<_, Error>((rows, figures))
    })?;
    print(&rows, &figures, fdatasync::median()?);
    Ok(())
}

/// What is measured from a request to everything recorded, with the goal of each.
fn flows() -> [(&'static str, Flow); 7] {
    let http = Flow {
        http: true,
        ..Flow::default()
    };
    let sets = |set_steps| Flow { set_steps, ..http };
    let script = |set_steps| Flow {
        script: true,
        ..sets(set_steps)
    };
    [
        ("HTTP step", http),
        ("4 computing steps, HTTP step", sets(4)),
        ("19 computing steps, HTTP step", sets(19)),
        ("script, HTTP step", script(0)),
        ("3 computing steps, script, HTTP step", script(3)),
        ("18 computing steps, script, HTTP step", script(18)),
        (
            "signed delivery",
            Flow {
                set_steps: 1,
                task: true,
                ..Flow::default()
            },
        ),
    ]
}

fn run_fast(xtask: &Path, effort: &Effort) -> Result<(), Error> {
    let only = effort.only.iter().flat_map(|part| ["--only", part]);
    let status = std::process::Command::new(xtask)
        .args(["bench", "--requests", &effort.requests.to_string()])
        .args(["--rounds", &effort.rounds.to_string()])
        .args(["--jobs", &effort.jobs.to_string()])
        .args(only)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Build)
    }
}

/// Whether jobs begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// None: requests are held.
    Paused,
    /// For each request one, which runs beside what is measured.
    Live,
}

/// Authenticate, store durably, answer 200; against a handler that stores nothing.
async fn accept(
    hookloom: &Path,
    effort: &Effort,
    connections: u32,
    state: State,
) -> Result<Option<Row>, Error> {
    let what = match state {
        State::Paused => format!("accept alone, {connections} connections"),
        State::Live => format!("accept, jobs beside, {connections} connections"),
    };
    if !effort.wants(&what) {
        return Ok(None);
    }
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    let flow = Flow {
        set_steps: 1,
        ..Flow::default()
    };
    for _ in 0..effort.rounds {
        let handler = PeerProcess::start(Peer::Handler, None)?;
        bare.push(throughput(&handler.load("/", BODY), connections, effort.requests).await?);
        drop(handler);
        let served = Served::start(hookloom, flow, None).await?;
        if state == State::Paused {
            served.pause()?;
        }
        ours.push(throughput(&served.load(BODY), connections, effort.requests).await?);
    }
    Ok(Some(Row::new(what, "bare axum handler", ours, bare, 0.5)))
}

/// From a request to the recorded answer of the last call; against a forwarder that stores nothing.
async fn whole_flow(
    hookloom: &Path,
    effort: &Effort,
    connections: u32,
    what: &str,
    flow: Flow,
) -> Result<Option<Row>, Error> {
    let what = format!("{what}, {connections} connections");
    if !effort.wants(&what) {
        return Ok(None);
    }
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    let requests = effort.requests / 4;
    for _ in 0..effort.rounds {
        let sink = PeerProcess::start(Peer::Sink, None)?;
        let forwarder = PeerProcess::start(Peer::Forwarder, Some(sink.address))?;
        bare.push(throughput(&forwarder.load("/", BODY), connections, requests).await?);
        drop(forwarder);
        let served = Served::start(hookloom, flow, Some(sink.address)).await?;
        // What begins only once (workers, connections, compiled flows) is behind it then, for both.
        let mut senders = served.load(BODY).connect(connections).await?;
        senders.run(requests / 10).await?;
        served.all_done(PATIENCE).await?;
        let begin = Instant::now();
        senders.run(requests).await?;
        served.all_done(PATIENCE).await?;
        ours.push(f64::from(requests) / begin.elapsed().as_secs_f64());
        served.none_failed()?;
    }
    let goal = if flow.task { 0.5 } else { 0.25 };
    let against = "bare axum → reqwest forwarder";
    Ok(Some(Row::new(what, against, ours, bare, goal)))
}

async fn throughput(load: &Load, connections: u32, requests: u32) -> Result<f64, Error> {
    let mut senders = load.connect(connections).await?;
    senders.run(requests / 10).await?;
    let begin = Instant::now();
    senders.run(requests).await?;
    Ok(f64::from(requests) / begin.elapsed().as_secs_f64())
}
