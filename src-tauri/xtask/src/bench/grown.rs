//! What a long history costs: accept, a whole flow, lists, start and memory with many jobs in the database.
//!
//! Every job of the history was received and run by the program itself: nothing is written past it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use super::memory::Memory;
use super::peers::PeerProcess;
use super::served::{Control, Flow, Served};
use super::table::{Figure, Row};
use super::{BODY, CONNECTIONS, Effort, Error, Peer, throughput};

/// Jobs before the history grows.
const FEW_JOBS: u32 = 1_000;
/// One job of so many fails, so that a filter has little to find.
const JOBS_PER_FAILURE: u32 = 1_000;
/// How long a long history may take to run.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// How long one call may take.
const CALL_TIME_MAX: Duration = Duration::from_secs(120);
/// Calls of each list; the median counts.
const LIST_CALLS: u32 = 21;
const MIB: u64 = 1024 * 1024;
const UPLOAD_BYTES: u64 = 100 * MIB;

/// Filters of the list of jobs.
const FILTERS: [&str; 6] = [
    "",
    "&status=failed",
    "&status=running",
    "&flow=bench",
    "&flow=broken&status=failed",
    "&flow=bench&status=failed",
];

/// What was found.
pub struct Grown {
    pub rows: Vec<Row>,
    pub figures: Vec<Figure>,
}

/// Measures with few jobs, lets the history grow, and measures again.
pub async fn measure(hookloom: &Path, effort: &Effort) -> Result<Grown, Error> {
    let sink = PeerProcess::start(Peer::Sink, None)?;
    let flow = Flow {
        set_steps: 1,
        ..Flow::default()
    };
    let served = Served::start(hookloom, flow, None).await?;
    let ship = Flow {
        http: true,
        ..Flow::default()
    };
    served.import("ship", ship, Some(sink.address))?;
    let tell = Flow { task: true, ..flow };
    served.import("tell", tell, Some(sink.address))?;
    let broken = Flow {
        fails: true,
        ..Flow::default()
    };
    served.import("broken", broken, None)?;
    grow(&served, FEW_JOBS).await?;
    let few_list = slowest_list(&served.control).await?;
    let few = rates(&served, effort).await?;
    grow(&served, effort.jobs).await?;
    let many_list = slowest_list(&served.control).await?;
    let many = rates(&served, effort).await?;
    let jobs = effort.jobs;
    let rows = many.iter().zip(&few).map(|(many, few)| {
        let what = format!("{}, {jobs} jobs in the database", many.what);
        let (many, few) = (vec![many.a_second], vec![few.a_second]);
        Row::new(what, "the same with few", many, few, 0.9)
    });
    let rows = rows.collect();
    let mut figures = vec![Figure {
        what: format!("job list, slowest filter, first page, {jobs} jobs"),
        found: format!("{} ms; {FEW_JOBS} jobs: {} ms", ms(many_list), ms(few_list)),
        goal: "< 50 ms, ≤ 2 × the time",
        is_met: many_list.as_millis() < 50 && many_list <= few_list * 2 + Duration::from_millis(2),
    }];
    figures.extend(start_and_memory(served.restart()?, effort).await?);
    Ok(Grown { rows, figures })
}

/// Operations a second.
struct Rate {
    what: String,
    a_second: f64,
}

async fn rates(served: &Served, effort: &Effort) -> Result<Vec<Rate>, Error> {
    let mut rates = Vec::new();
    for connections in CONNECTIONS {
        let (mut accept, mut ship, mut tell) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..effort.rounds {
            accept.push(throughput(&served.load(BODY), connections, effort.requests).await?);
            served.all_done(PATIENCE).await?;
            let requests = effort.requests / 4;
            ship.push(until_done(served, "ship", connections, requests).await?);
            tell.push(until_done(served, "tell", connections, requests).await?);
        }
        for (what, mut values) in [
            ("accept", accept),
            ("HTTP step", ship),
            ("signed delivery", tell),
        ] {
            values.sort_by(f64::total_cmp);
            rates.push(Rate {
                what: format!("{what}, {connections} connections"),
                a_second: values.get(values.len() / 2).copied().unwrap_or(f64::NAN),
            });
        }
    }
    Ok(rates)
}

/// From the first request to everything recorded.
async fn until_done(
    served: &Served,
    flow: &str,
    connections: u32,
    requests: u32,
) -> Result<f64, Error> {
    let mut senders = served.load_of(flow, BODY).connect(connections).await?;
    let begin = Instant::now();
    senders.run(requests).await?;
    served.all_done(PATIENCE).await?;
    Ok(f64::from(requests) / begin.elapsed().as_secs_f64())
}

/// Receives and runs so many jobs more.
async fn grow(served: &Served, jobs: u32) -> Result<(), Error> {
    let failing = (jobs / JOBS_PER_FAILURE).max(1);
    let mut failing_sender = served.load_of("broken", BODY).connect(1).await?;
    failing_sender.run(failing).await?;
    // In pieces: what has not run yet is part of what is measured next.
    let mut senders = served.load(BODY).connect(CONNECTIONS[0]).await?;
    let mut left = jobs.saturating_sub(failing);
    while left > 0 {
        let piece = left.min(50_000);
        senders.run(piece).await?;
        served.all_done(PATIENCE).await?;
        left -= piece;
    }
    Ok(())
}

async fn slowest_list(control: &Control) -> Result<Duration, Error> {
    let client = client()?;
    let mut slowest = Duration::ZERO;
    for filter in FILTERS {
        let url = format!("{}/api/v1/jobs?limit=50{filter}", control.url);
        let mut times = Vec::new();
        for _ in 0..LIST_CALLS {
            let begin = Instant::now();
            let call = client.get(&url).bearer_auth(&control.token).send();
            let answer = call.await.map_err(std::io::Error::other)?;
            let status = answer.status().as_u16();
            let body = answer.text().await.map_err(std::io::Error::other)?;
            times.push(begin.elapsed());
            if status != 200 {
                return Err(Error::Answer { status, body });
            }
        }
        times.sort();
        slowest = slowest.max(times[times.len() / 2]);
    }
    Ok(slowest)
}

async fn start_and_memory(served: Served, effort: &Effort) -> Result<Vec<Figure>, Error> {
    let jobs = effort.jobs;
    let ready = served.ready_after;
    let mut figures = vec![Figure {
        what: format!("`serve` ready, {jobs} jobs"),
        found: format!("{} ms", ms(ready)),
        goal: "< 150 ms",
        is_met: ready.as_millis() < 150,
    }];
    // Whatever a start begins has ended by then.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let Some(idle) = Memory::of(served.pid()) else {
        return Ok(figures);
    };
    figures.push(Figure {
        what: "memory, idle".to_owned(),
        found: format!("{} MiB", idle.now_bytes / MIB),
        goal: "< 40 MiB",
        is_met: idle.now_bytes < 40 * MIB,
    });
    upload(served.receiver()).await?;
    served.all_done(PATIENCE).await?;
    let peak = Memory::of(served.pid()).map_or(0, |memory| memory.peak_bytes);
    let growth = peak.saturating_sub(idle.now_bytes);
    figures.push(Figure {
        what: "memory growth by an upload of 100 MiB".to_owned(),
        found: format!("{} MiB", growth / MIB),
        goal: "< 16 MiB",
        is_met: growth < 16 * MIB,
    });
    let mut peaks = Vec::new();
    let mut senders = served.load(BODY).connect(CONNECTIONS[0]).await?;
    for _ in 0..3 {
        senders.run(effort.requests).await?;
        served.all_done(PATIENCE).await?;
        peaks.push(Memory::of(served.pid()).map_or(0, |memory| memory.peak_bytes / MIB));
    }
    figures.push(Figure {
        what: format!(
            "memory at its peak after 1, 2 and 3 times {} requests",
            effort.requests
        ),
        found: format!("{} MiB, {} MiB, {} MiB", peaks[0], peaks[1], peaks[2]),
        goal: "flat",
        is_met: peaks[2] <= peaks[1] + peaks[1] / 10,
    });
    Ok(figures)
}

/// Sends bytes that are no text, and waits for the answer.
async fn upload(receiver: SocketAddr) -> Result<(), Error> {
    let chunk = vec![0xfe_u8; usize::try_from(MIB).unwrap_or(0)];
    let chunks = (0..UPLOAD_BYTES / MIB).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    let call = client()?
        .post(format!("http://{receiver}{}", Served::path("bench")))
        .header("content-type", "application/octet-stream")
        .header("content-length", UPLOAD_BYTES)
        .body(body)
        .send();
    let answer = call.await.map_err(std::io::Error::other)?;
    match answer.status().as_u16() {
        200 => Ok(()),
        status => Err(Error::Answer {
            status,
            body: answer.text().await.unwrap_or_default(),
        }),
    }
}

/// One that goes straight to this machine whatever proxy the environment names, and gives up where a bench would hang.
fn client() -> Result<reqwest::Client, Error> {
    let client = reqwest::Client::builder().no_proxy().timeout(CALL_TIME_MAX);
    Ok(client.build().map_err(std::io::Error::other)?)
}

fn ms(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}
