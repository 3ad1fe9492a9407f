//! What a script step costs beyond a step that computes, one job at a time: the way to a worker and back, and the run.

use std::path::Path;
use std::time::Instant;

use super::served::{Flow, Served};
use super::table::Figure;
use super::{BODY, Effort, Error};

const GOAL_MS: f64 = 1.0;
/// The measurements take turns, so that what else the machine does falls on both.
const TURNS: u32 = 10;

/// The mean time of a sync call that runs a script, less that of one that computes.
pub async fn overhead(hookloom: &Path, effort: &Effort) -> Result<Figure, Error> {
    let computing = Flow {
        set_steps: 1,
        is_sync: true,
        ..Flow::default()
    };
    let script = Flow {
        set_steps: 0,
        script: true,
        ..computing
    };
    let served = Served::start(hookloom, computing, None).await?;
    served.import("scripted", script, None)?;
    let requests = (effort.requests / 10 / TURNS).max(1);
    let mut senders = [
        served.load(BODY).connect(1).await?,
        served.load_of("scripted", BODY).connect(1).await?,
    ];
    let mut took_s = [0.0; 2];
    for turn in 0..=TURNS {
        for (sender, took_s) in senders.iter_mut().zip(&mut took_s) {
            let begin = Instant::now();
            sender.run(requests).await?;
            // The first turn starts workers and compiles flows.
            if turn > 0 {
                *took_s += begin.elapsed().as_secs_f64();
            }
        }
    }
    let [computing_ms, script_ms] = took_s.map(|s| s * 1e3 / f64::from(requests * TURNS));
    let overhead_ms = script_ms - computing_ms;
    Ok(Figure {
        what: "a script step beyond a computing step, one sync call at a time".to_owned(),
        found: format!("{overhead_ms:.2} ms ({script_ms:.2} and {computing_ms:.2})"),
        goal: "< 1 ms",
        is_met: overhead_ms < GOAL_MS,
    })
}
